import { afterAll, beforeAll } from 'vitest';
import { type BrokerOptions, type KafkaBroker, startBroker } from './kafka-broker.js';
import { type RedisOptions, type RedisServer, startRedis } from './redis-server.js';

/** On a machine with many others at work. */
const START_LIMIT_MS = 120_000;

/** One broker for all tests of a file or suite; tests keep apart by the names of topics and groups. */
export function sharedBroker(options: BrokerOptions = {}): () => KafkaBroker {
  return shared(() => startBroker(options));
}

/** One Redis for all tests of a file or suite. */
export function sharedRedis(options: RedisOptions = {}): () => RedisServer {
  return shared(() => startRedis(options));
}

function shared<Server extends { stop(): Promise<void> }>(start: () => Promise<Server>): () => Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await start();
  }, START_LIMIT_MS);
  afterAll(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error('It runs only while tests do.');
    return server;
  };
}
