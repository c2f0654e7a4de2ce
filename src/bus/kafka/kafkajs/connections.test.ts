import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { type BrokerPool, type Connection, keepTrackOfConnections } from './connections.js';

keepTrackOfConnections();

const load = createRequire(import.meta.url);

class FakeSocket extends EventEmitter {
  hasEnded = false;

  end(): void {
    this.hasEnded = true;
  }

  unref(): void {}
}

interface Attempt {
  readonly socket: FakeSocket;
  onConnect(): void;
}

function connectionOf(attempts: Attempt[]): Connection {
  const Connection = load('kafkajs/src/network/connection') as new (options: object) => Connection;
  const log = { debug: () => undefined, error: () => undefined };
  const socketFactory = ({ onConnect }: Pick<Attempt, 'onConnect'>) => {
    const socket = new FakeSocket();
    attempts.push({ socket, onConnect });
    return socket;
  };
  const logger = { namespace: () => log };
  const options = {
    host: 'b',
    port: 1,
    logger,
    socketFactory,
    connectionTimeout: 1_000,
    requestTimeout: 1_000,
  };
  return new Connection({ ...options, enforceRequestTimeout: false });
}

test('two who want a closed connection open one socket, and the next after an end another', async () => {
  const attempts: Attempt[] = [];
  const connection = connectionOf(attempts);
  const both = Promise.all([connection.connect(), connection.connect()]);
  expect(attempts).toHaveLength(1);
  attempts[0]!.onConnect();
  await both;
  await connection.disconnect();
  const again = connection.connect();
  expect(attempts).toHaveLength(2);
  attempts[1]!.onConnect();
  await again;
  await connection.disconnect();
});

test('an attempt that failed is told to both, and does not stand in the way of the next', async () => {
  const attempts: Attempt[] = [];
  const connection = connectionOf(attempts);
  const both = Promise.allSettled([connection.connect(), connection.connect()]);
  attempts[0]!.socket.emit('error', new Error('refused'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = connection.connect();
  attempts[1]!.onConnect();
  await again;
  await connection.disconnect();
});

/** A pool with one broker at `b:1`. */
function poolOf(connections: readonly Connection[]): BrokerPool {
  const { prototype } = load('kafkajs/src/cluster/brokerPool') as { readonly prototype: BrokerPool };
  const broker = {
    nodeId: '1',
    connectionPool: { host: 'b', port: 1, pool: connections },
    disconnect: () => Promise.all(connections.map((connection) => connection.disconnect())),
  };
  return Object.assign(Object.create(prototype) as object, {
    brokers: { 1: broker },
    seedBroker: broker,
  }) as unknown as BrokerPool;
}

test('a broker taken out of the pool, and used on, is disconnected with the pool', async () => {
  const attempts: Attempt[] = [];
  const connection = connectionOf(attempts);
  const pool = poolOf([connection]);
  pool.removeBroker({ host: 'b', port: 1 });
  expect(pool.brokers).toEqual({});
  const connected = connection.connect();
  attempts[0]!.onConnect();
  await connected;
  await pool.disconnect();
  expect(attempts[0]!.socket.hasEnded).toBe(true);
});

test('a broker that another address names stays in the pool', () => {
  const pool = poolOf([connectionOf([])]);
  pool.removeBroker({ host: 'c', port: 1 });
  expect(Object.keys(pool.brokers)).toEqual(['1']);
});
