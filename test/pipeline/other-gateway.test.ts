import { expect, it } from 'vitest';
import type { AudioLogRecord } from '../../src/ingest/index.js';
import { buzz } from '../support/buzz.js';
import { createBench } from '../support/call-bench.js';
import { type GatewayBench, START, STOP, startedBench } from '../support/gateway-bench.js';

const SPOKEN_MS = 6000;
const AWAY_MS = 2000;
const CHUNK_SAMPLES = 160;
const speech = buzz(SPOKEN_MS / 1000);
const spoken = Array.from({ length: speech.length / CHUNK_SAMPLES }, (_, n) =>
  speech.subarray(n * CHUNK_SAMPLES, (n + 1) * CHUNK_SAMPLES),
);

/** What a gateway has written since it was asked last. */
function tailOf(gateway: GatewayBench): () => Promise<readonly AudioLogRecord[]> {
  let seen = 0;
  return async () => {
    const all = await gateway.records();
    const fresh = all.slice(seen);
    seen = all.length;
    return fresh;
  };
}

it('a call whose feed breaks and comes to another gateway goes on, whatever the first says of it', async () => {
  const [first, second] = await Promise.all([
    startedBench({ newFeedId: () => 'at-first' }),
    startedBench({ newFeedId: () => 'at-second' }),
  ]);
  const [ofFirst, ofSecond] = [tailOf(first), tailOf(second)];
  const { take, settle, events, table } = createBench();
  const log = (records: readonly AudioLogRecord[], arrivedAtMs: number): void => {
    for (const record of records) take(record, { arrivedAtMs });
  };

  const broken = first.connect('generic');
  broken.send(START, ...spoken);
  log(await ofFirst(), SPOKEN_MS);
  broken.connection.closed();

  const again = second.connect('generic');
  again.send(START);
  log(await ofSecond(), SPOKEN_MS + AWAY_MS);
  first.clock.advance(60_000);
  const late = await ofFirst();
  expect(late).toMatchObject([{ type: 'call.ended', reason: 'feed-lost' }]);
  log(late, SPOKEN_MS + AWAY_MS);
  again.send(...spoken, STOP);
  log(await ofSecond(), 2 * SPOKEN_MS + AWAY_MS);
  await settle();

  expect(events.summaries.filter(({ state }) => state === 'ended')).toMatchObject([
    { endReason: 'completed', durationMs: 14_016, legs: { customer: { mediaMs: 14_016, lostMs: 2016 } } },
  ]);
  const heard = events.points.map(({ startMs }) => startMs);
  expect(heard.filter((ms) => ms < SPOKEN_MS)).toHaveLength(8);
  expect(heard.filter((ms) => ms >= SPOKEN_MS + AWAY_MS)).toHaveLength(8);
  expect(table.size).toBe(0);
});
