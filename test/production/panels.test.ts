import { describe, expect, it } from 'vitest';
import { furthestOf } from './panels.js';

const curve = (...values: readonly (number | undefined)[]) => ({
  points: values.flatMap((value, second) => (value === undefined ? [] : [{ atMs: 1000 * second, value }])),
});

describe('what a panel showed of a step', () => {
  it('is the curve that moved furthest, in either direction', () => {
    expect(furthestOf([curve(3, 2, 3), curve(1, 1.5, 1)], 0)).toEqual({ before: 3, furthest: 2 });
    expect(furthestOf([curve(1, 9, 2), curve(5, 0)], 0)).toEqual({ before: 1, furthest: 9 });
  });

  it('is nothing where no curve moved, or none is there', () => {
    expect(furthestOf([curve(3, 3, 3)], 0)).toBeNull();
    expect(furthestOf([], 0)).toBeNull();
    expect(furthestOf([curve(Number.NaN, Number.NaN)], 0)).toBeNull();
  });

  it('counts a curve that begins later as new', () => {
    expect(furthestOf([curve(undefined, undefined, 4)], 0)).toEqual({ before: null, furthest: 4 });
  });

  it('leaves out what is no number', () => {
    expect(furthestOf([curve(1, Number.POSITIVE_INFINITY, 2)], 0)).toEqual({ before: 1, furthest: 2 });
  });
});
