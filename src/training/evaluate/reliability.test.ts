import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judged } from './calibration.js';
import { ECE_BINS, reliabilityOf } from './reliability.js';

/** `right` of `count` items of this confidence. */
const at = (confidence: number, count: number, right: number): Judged[] =>
  Array.from({ length: count }, (_, i) => ({
    actual: i < right ? 0 : 1,
    probabilities: [confidence, 1 - confidence],
  }));

describe('reliability', () => {
  it('agrees with what is worked out by hand', () => {
    // Bins of 1/15: 0.62 lies in the 10th (from 9/15), 0.9 in the 14th (from 13/15).
    const { ece, bins, nll, brier } = reliabilityOf([...at(0.62, 10, 5), ...at(0.9, 30, 30)]);
    expect(bins.filter(({ items }) => items > 0)).toEqual([
      { from: 9 / 15, to: 10 / 15, items: 10, confidence: expect.closeTo(0.62, 12), accuracy: 0.5 },
      { from: 13 / 15, to: 14 / 15, items: 30, confidence: expect.closeTo(0.9, 12), accuracy: 1 },
    ]);
    expect(ece).toBeCloseTo((10 * 0.12 + 30 * 0.1) / 40, 12);
    expect(nll).toBeCloseTo(-(5 * Math.log(0.62) + 5 * Math.log(0.38) + 30 * Math.log(0.9)) / 40, 12);
    expect(brier).toBeCloseTo((5 * 2 * 0.38 ** 2 + 5 * 2 * 0.62 ** 2 + 30 * 2 * 0.1 ** 2) / 40, 12);
  });

  it('takes full confidence into the last bin', () => {
    const { bins, ece } = reliabilityOf(at(1, 4, 3));
    expect(bins).toHaveLength(ECE_BINS);
    expect(bins.at(-1)).toMatchObject({ items: 4, confidence: 1, accuracy: 0.75 });
    expect(ece).toBe(0.25);
  });

  const items = fc.array(
    fc.record({ actual: fc.nat(1), confidence: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { minLength: 1 },
  );

  it('counts each item in one bin, and an error of calibration is never more than 1', () => {
    fc.assert(
      fc.property(items, (drawn) => {
        const judged = drawn.map(({ actual, confidence }) => ({
          actual,
          probabilities: [confidence, 1 - confidence],
        }));
        const { bins, ece } = reliabilityOf(judged);
        expect(bins.reduce((sum, bin) => sum + bin.items, 0)).toBe(drawn.length);
        expect(ece).toBeGreaterThanOrEqual(0);
        expect(ece).toBeLessThanOrEqual(1);
        for (const bin of bins.filter(({ items }) => items > 0)) {
          expect(bin.confidence!).toBeGreaterThanOrEqual(bin.from - 1e-9);
          expect(bin.confidence!).toBeLessThanOrEqual(bin.to + 1e-9);
        }
      }),
    );
  });
});
