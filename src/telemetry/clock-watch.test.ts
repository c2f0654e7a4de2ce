import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.js';
import { ClockWatch } from './clock-watch.js';

function setUp() {
  const clock = new ManualClock();
  const seen = { aheadMs: 0, looks: [] as number[], set: [] as (readonly [number, number])[] };
  const watch = new ClockWatch({
    clock,
    wallMs: () => clock.nowMs() + seen.aheadMs,
    onLook: (offsetMs) => void seen.looks.push(offsetMs),
    onSet: (byMs, offsetMs) => void seen.set.push([byMs, offsetMs]),
  });
  watch.start();
  return { clock, seen, watch };
}

test('tells once that the clock was set, and by how much it differs now', () => {
  const { clock, seen } = setUp();
  seen.aheadMs = 3_600_000;
  clock.advance(20_000);
  seen.aheadMs = -60_000;
  clock.advance(5_000);
  expect(seen.set).toEqual([
    [3_600_000, 3_600_000],
    [-3_660_000, -60_000],
  ]);
  expect(seen.looks.at(-1)).toBe(-60_000);
});

test('is silent about a clock that is kept right, and when it has ended', () => {
  const { clock, seen, watch } = setUp();
  for (const aheadMs of [400, 900, 1_500, 700]) {
    seen.aheadMs = aheadMs;
    clock.advance(5_000);
  }
  expect(seen.set).toEqual([]);
  watch.stop();
  seen.aheadMs = 3_600_000;
  clock.advance(20_000);
  expect(seen.set).toEqual([]);
});
