import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeEpoch, rateAt, STOPPING_START } from './schedule.js';

const options = { peak: 0.1, warmupEpochs: 2, finalShare: 0.01 };

describe('the learning rate', () => {
  it('rises to its peak, is half way down in the middle, and ends at its share', () => {
    const rates = [0, 1, 2, 6, 10].map((at) => rateAt(options, at, 10));
    const expected = [0, 0.05, 0.1, 0.1 * (0.01 + 0.99 / 2), 0.001];
    rates.forEach((rate, i) => {
      expect(rate).toBeCloseTo(expected[i]!, 3);
    });
  });

  it('never leaves its bounds and never rises after the peak', () => {
    const point = fc.double({ min: 0, max: 12, noNaN: true });
    fc.assert(
      fc.property(point, point, (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        const [before, after] = [rateAt(options, early, 10), rateAt(options, late, 10)];
        expect(before).toBeGreaterThan(0);
        expect(before).toBeLessThanOrEqual(options.peak + 1e-4);
        if (early >= options.warmupEpochs) expect(after).toBeLessThanOrEqual(before);
      }),
    );
  });
});

describe('early stopping', () => {
  const judge = (scores: readonly number[], patience: number) =>
    scores.reduce((state, score, i) => judgeEpoch(state, i + 1, score, patience), STOPPING_START);

  it('stops when the best epoch lies `patience` epochs back, and remembers it', () => {
    expect(judge([0.3, 0.6, 0.5, 0.6], 3)).toEqual({ bestEpoch: 2, bestScore: 0.6, stopped: false });
    expect(judge([0.3, 0.6, 0.5, 0.6, 0.1], 3)).toEqual({ bestEpoch: 2, bestScore: 0.6, stopped: true });
  });

  it('goes on while scores rise', () => {
    expect(judge([1, 2, 3, 4, 5, 6], 1).stopped).toBe(false);
  });
});
