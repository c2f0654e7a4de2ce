import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.js';
import { UndertoneError } from '../errors.js';
import { capacityOf, nextCalls } from './capacity.js';
import { Delays, figuresOf } from './delays.js';
import { playLanes } from './lanes.js';
import { Ledger } from './ledger.js';
import { SseText } from './results/sse-text.js';
import { readingOf, serverFigures } from './servers.js';

test('quantiles are delays that were met', () => {
  const delays = Array.from({ length: 200 }, (_, n) => 200 - n);
  expect(figuresOf(delays)).toEqual({
    windows: 200,
    p50Ms: 100,
    p90Ms: 180,
    p99Ms: 198,
    p999Ms: 200,
    maxMs: 200,
  });
  expect(figuresOf([]).p99Ms).toBeNull();
});

test('delays are kept by the second in which a window was complete, and the ramp is left out', () => {
  const delays = new Delays(5000);
  delays.add(5100, 900);
  delays.add(6200, 10);
  delays.add(6900, 30);
  expect(delays.timeline().map(({ second, windows, maxMs }) => [second, windows, maxMs])).toEqual([
    [0, 1, 900],
    [1, 2, 30],
  ]);
  expect(delays.figures(1)).toMatchObject({ windows: 2, maxMs: 30 });
});

test('the search grows while all pass, then closes in', () => {
  const capacity = 137;
  const steps: { calls: number; passed: boolean }[] = [];
  for (let calls = nextCalls(steps, 40); calls !== undefined; calls = nextCalls(steps, 40))
    steps.push({ calls, passed: calls <= capacity });
  expect(steps.slice(0, 5).map(({ calls }) => calls)).toEqual([40, 60, 90, 135, 203]);
  expect(capacityOf(steps)).toBeLessThanOrEqual(capacity);
  expect(capacityOf(steps)).toBeGreaterThan(0.9 * capacity);
  expect(steps.length).toBeLessThan(12);
});

test('a first try that fails is narrowed down to nothing', () => {
  const steps: { calls: number; passed: boolean }[] = [];
  for (let calls = nextCalls(steps, 8); calls !== undefined; calls = nextCalls(steps, 8))
    steps.push({ calls, passed: false });
  expect(steps.map(({ calls }) => calls)).toEqual([8, 4, 2, 1]);
  expect(capacityOf(steps)).toBe(0);
});

test('events come out whole, however the stream is cut', () => {
  const stream = 'retry: 2000\n\nid: a-1\nevent: point\ndata: {"a":1}\n\nevent: heartbeat\ndata: {}\n\n';
  const text = new SseText();
  const events = [...stream].flatMap((letter) => [...text.push(letter)]);
  expect(events.map(({ id, name, data }) => [id, name, data])).toEqual([
    [undefined, 'message', ''],
    ['a-1', 'point', '{"a":1}'],
    [undefined, 'heartbeat', '{}'],
  ]);
});

const page = (cpu: number, quick: number, slow: number) => `
process_cpu_seconds_total ${cpu}
undertone_build_info{version="1.2.3",model="m@1"} 1
undertone_feeds_refused_total{dialect="twilio",code="UT_X"} ${quick}
undertone_window_delay_seconds_bucket{le="0.1"} ${quick}
undertone_window_delay_seconds_bucket{le="+Inf"} ${quick + slow}
`;

test('processes are added up, one that started anew counts from nothing, one that is away not at all', () => {
  const before = [readingOf(page(10, 100, 0)), readingOf(page(50, 10, 0)), null];
  const after = [readingOf(page(16, 200, 0)), readingOf(page(4, 110, 0)), readingOf(page(1, 1, 1))];
  expect(serverFigures(before, after, 10)).toEqual({
    processes: 2,
    versions: ['1.2.3'],
    models: ['m@1'],
    cores: 1,
    windowDelayP50Ms: 50,
    windowDelayP99Ms: 99,
    refusedFeeds: 200,
  });
  expect(serverFigures([null], [null], 10)).toBeUndefined();
  expect(serverFigures([readingOf('')], [readingOf('')], 10)?.cores).toBeNull();
});

/** Lets everything go on that waits for nothing but promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a lane plays one call after the other, and rests where a feed was refused', async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const ledger = new Ledger(clock.nowMs(), ['customer'], 1000);
  const begun: string[] = [];
  const refused = new UndertoneError('UT_CLI_REPLAY_REFUSED', 'It answered with HTTP 503.');
  const sender = {
    recordings: [{ file: 'a.wav', durationMs: 50 }],
    async play({ callId, onSent }: { callId: string; onSent: (audioMs: number) => void }) {
      begun.push(callId);
      if (begun.length === 3) stop.abort();
      const failed = begun.length === 2;
      if (!failed) onSent(60);
      const result = { callId, file: 'a.wav', messages: 1, audioMs: 60, wallMs: 60, latestMs: 7 };
      return failed ? { ...result, error: refused } : result;
    },
  };
  const playing = playLanes(
    { calls: 1, rampMs: 0, prefix: 'x', signal: stop.signal },
    { sender, ledger, clock },
  );
  await settled();
  clock.advance(0);
  await settled();
  expect(begun).toEqual(['x-1.1', 'x-1.2']);
  clock.advance(1000);
  expect(await playing).toEqual({ latestMs: 7, failures: { [refused.message]: 1 } });
  clock.advance(2000);
  ledger.settle(clock.nowMs());
  expect(ledger.tally.calls).toEqual({ completed: 2, refused: 1, interrupted: 0 });
  expect(ledger.audioMs).toBe(120);
});

test('a window that comes once more after its call was counted is still noticed', () => {
  const ledger = new Ledger(0, ['customer'], 1000);
  const record = ledger.begin('CA1');
  record.sent(3000, 3000);
  const point = {
    callId: 'CA1',
    leg: 'customer',
    from: 0,
    to: 0,
    startMs: 0,
    endMs: 2064,
    hole: null,
    partial: false,
  };
  ledger.take(point, 3100);
  record.ended('completed', 3000);
  expect(ledger.settle(3500)).toBe(1);
  expect(ledger.settle(4500)).toBe(0);
  ledger.take(point, 5000);
  ledger.take({ ...point, callId: 'somebody else' }, 5000);
  expect(ledger.tally.windows).toMatchObject({ points: 1, twice: 1 });
});
