import { expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.js';
import { Pacer } from './pacer.js';

it('keeps to an absolute schedule, at any speed', async () => {
  const clock = new ManualClock(1000);
  const pacer = new Pacer(clock, 1000, 4);
  const due = pacer.until(400).then(() => clock.nowMs());
  clock.advance(100);
  expect(await due).toBe(1100);
  clock.advance(65);
  await pacer.until(480);
  const next = pacer.until(800).then(() => clock.nowMs());
  clock.advance(35);
  expect(await next).toBe(1200);
  expect(pacer.latestMs).toBe(45);
});

it('waits for nothing at speed 0', async () => {
  await new Pacer(new ManualClock(), 0, 0).until(3_600_000);
});
