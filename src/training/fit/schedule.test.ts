import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterEpoch, judgeEpoch, type PlateauState, STOPPING_START, startPlateau } from './schedule.js';

const options = { initialRate: 0.1, factor: 0.5, patience: 2, minimumRate: 0.02 };
/** The states after each of the losses. */
function follow(losses: readonly number[]): PlateauState[] {
  let state = startPlateau(options);
  return losses.map((loss) => {
    state = afterEpoch(state, loss, options);
    return state;
  });
}

describe('learning-rate decay on plateau', () => {
  it('halves the rate after two epochs without improvement, down to the minimum', () => {
    expect(follow([1, 0.9, 0.95, 0.91, 1, 1, 1, 1, 0.5]).map(({ rate }) => rate)).toEqual([
      0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.02, 0.02,
    ]);
  });

  it('takes a loss that is not a number for no improvement', () => {
    expect(follow([1, Number.NaN, Number.NaN]).at(-1)!.rate).toBe(0.05);
  });

  it('never raises the rate and never leaves its bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 5 })), (losses) => {
        const rates = [options.initialRate, ...follow(losses).map(({ rate }) => rate)];
        for (let i = 1; i < rates.length; i++) expect(rates[i]!).toBeLessThanOrEqual(rates[i - 1]!);
        expect(Math.min(...rates)).toBeGreaterThanOrEqual(options.minimumRate);
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
