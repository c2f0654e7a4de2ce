import type { RedisServer } from '../support/redis-server.js';
import type { Result } from './results.js';
import type { Struck } from './strike.js';

/** What is written goes out within this time, where nothing is in the way. */
const PUBLISH_MS = 3000;

/**
 * The latest states that Redis lacks, in words. Only calls are looked at whose end was written while nothing could keep
 * it from Redis: publishing is best effort.
 */
export async function missingStates(
  redis: RedisServer,
  results: readonly Result[],
  struck: readonly Struck[],
): Promise<{ readonly looked: number; readonly complaints: readonly string[] }> {
  const complaints: string[] = [];
  const ends = results.filter(
    ({ kind, record }) => kind === 'final' && !isDisturbed(record.timestampMs, struck),
  );
  for (const { callId } of ends) {
    const state = await redis.cli('GET', `undertone:call:${callId}`);
    if (!state.includes('"state":"ended"')) complaints.push(`Redis does not know that ${callId} has ended`);
  }
  return { looked: ends.length, complaints };
}

/**
 * Redis has lost what it held before its last death; a worker that dies takes with it what it has not yet published; one
 * that comes back to itself may say once more what it knew, before it hears that its calls have moved.
 */
function isDisturbed(atMs: number, struck: readonly Struck[]): boolean {
  return struck.some(({ kind, fromAt, toAt }) => {
    if (kind === 'redis-kill') return atMs < toAt + PUBLISH_MS;
    if (kind === 'worker-kill') return fromAt > atMs && fromAt < atMs + PUBLISH_MS;
    return kind === 'worker-freeze' && fromAt < atMs && atMs < toAt;
  });
}
