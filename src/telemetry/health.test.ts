import { expect, test } from 'vitest';
import { Health } from './health.js';

function healthAt(stalledAfterMs = 1000) {
  let nowMs = 5_000;
  const health = new Health({ nowMs: () => nowMs, stalledAfterMs });
  const advance = (ms: number) => {
    nowMs += ms;
  };
  return { health, advance };
}

test('a process without parts is live but not ready', () => {
  expect(healthAt().health.report()).toEqual({ live: true, ready: false, parts: {} });
});

test('a part is ready when it says so, and gives its reason while it is not', () => {
  const { health } = healthAt();
  const part = health.part('worker');
  expect(health.report()).toMatchObject({ ready: false, parts: { worker: { reason: 'starting' } } });
  part.ready();
  expect(health.report()).toEqual({
    live: true,
    ready: true,
    parts: { worker: { live: true, ready: true, outstanding: 0 } },
  });
  part.notReady('draining');
  expect(health.report().parts.worker?.reason).toBe('draining');
});

test('idling is not stalling', () => {
  const { health, advance } = healthAt();
  health.part('worker').ready();
  advance(86_400_000);
  expect(health.report().live).toBe(true);
  health.part('worker').taken();
  expect(health.report().live).toBe(true);
});

test('work without progress is stalling; progress heals it', () => {
  const { health, advance } = healthAt();
  const part = health.part('worker');
  part.ready();
  part.taken(2);
  advance(1001);
  expect(health.report()).toMatchObject({ live: false, ready: false });
  expect(health.report().parts.worker).toMatchObject({
    live: false,
    outstanding: 2,
    reason: 'nothing finished for 1 s',
  });
  part.finished();
  expect(health.report().live).toBe(true);
  advance(1001);
  expect(health.report().live).toBe(false);
});

test('taking more work is no progress', () => {
  const { health, advance } = healthAt();
  const part = health.part('worker');
  part.taken();
  advance(800);
  part.taken();
  advance(800);
  expect(health.report().live).toBe(false);
});
