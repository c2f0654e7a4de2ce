import { once } from 'node:events';
import { Cluster } from 'ioredis';
import type { RedisConfig } from '../config/index.js';
import { UndertoneError } from '../errors.js';
import { createRedisClient, type RedisClient, RedisNames, type RedisTls, redisPlace } from '../sink/index.js';

/** Keys looked at in one step of a scan. */
const SCAN_COUNT = 500;

export interface StatesListener {
  state(text: string, key: string): void;
  erased(callId: string): void;
}

/**
 * Reads every latest state that stands in Redis now, over a connection of its own, and then which calls were erased.
 * Rejects with what the client says where Redis can not be read, and soon once `signal` says so.
 */
export async function readStates(
  config: RedisConfig,
  tls: RedisTls,
  listener: StatesListener,
  signal: AbortSignal,
): Promise<void> {
  const client = createRedisClient(config, 'undertone-console', tls);
  // What goes wrong rejects the command under way.
  client.on('error', () => undefined);
  signal.addEventListener('abort', () => client.disconnect(), { once: true });
  try {
    await connect(client, config, signal);
    const names = new RedisNames(config.keyPrefix);
    const erased: string[] = [];
    for await (const keys of scan(client, names.keyPattern)) {
      await Promise.all(keys.map((key) => readKey(client, names, key, erased, listener)));
    }
    for (const callId of erased) listener.erased(callId);
  } finally {
    client.disconnect();
  }
}

/** The client's own promise does not end where a cluster is reached and never becomes whole. */
async function connect(client: RedisClient, config: RedisConfig, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.timeout(config.connectTimeoutMs);
  const isReady = once(client, 'ready', { signal: AbortSignal.any([signal, patience]) });
  client.connect().catch(() => undefined);
  try {
    await isReady;
  } catch (cause) {
    if (!patience.aborted) throw cause;
    const detail = `It was not ready within ${config.connectTimeoutMs} ms.`;
    throw new UndertoneError('UT_REDIS_NOT_READY', detail, {
      place: redisPlace(config),
      retriable: true,
      cause,
    });
  }
}

async function* scan(client: RedisClient, match: string): AsyncGenerator<string[]> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  for (const node of nodes) yield* node.scanStream({ match, count: SCAN_COUNT });
}

async function readKey(
  client: RedisClient,
  names: RedisNames,
  key: string,
  erased: string[],
  listener: StatesListener,
): Promise<void> {
  const kind = names.keyKind(key);
  if (kind?.kind === 'erased') erased.push(kind.callId);
  if (kind?.kind !== 'state') return;
  const text = await client.get(key);
  // It may have expired since it was found.
  if (text !== null) listener.state(text, key);
}
