import { expect, it } from 'vitest';
import type { Reading } from './readings.js';
import { growthOf, isPassed } from './verdict.js';

const readings = (mibAt: (i: number) => number): Reading[] =>
  Array.from({ length: 60 }, (_, i) => ({
    minute: i,
    residentMib: mibAt(i),
    heapUsedMib: 50,
    externalMib: 10,
    openFiles: 40,
  }));
const PASSED = { verdict: { passed: true, reasons: [] } };

it('memory that settles is flat, whatever it took to warm up', () => {
  const growth = growthOf(readings((i) => (i < 8 ? 100 + 20 * i : 260 + (i % 3))));
  expect(growth).toEqual({ warmMib: 261, lastMib: 261, mostMib: 262 });
  expect(isPassed(PASSED, growth)).toBe(true);
});

it('memory that climbs is not, however slowly', () => {
  const growth = growthOf(readings((i) => 200 + 0.5 * i));
  expect(isPassed(PASSED, growth)).toBe(false);
});

it('a failed load test is a failed soak', () => {
  const verdict = { passed: false, reasons: ['1 window lost'] };
  expect(isPassed({ verdict }, growthOf(readings(() => 200)))).toBe(false);
});
