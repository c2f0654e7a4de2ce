import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

describe('Random', () => {
  it('draws the same from the same seed and something else from another', () => {
    const draw = (seed: string) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.next()
        )(new Random(seed)),
      );
    expect(draw('7/epoch/1')).toEqual(draw('7/epoch/1'));
    expect(draw('7/epoch/1')).not.toEqual(draw('7/epoch/2'));
  });

  it('keeps integers and spans within their bounds and reaches both ends', () => {
    const random = new Random('bounds');
    const drawn = Array.from({ length: 500 }, () => random.integer(-2, 2));
    expect(new Set(drawn)).toEqual(new Set([-2, -1, 0, 1, 2]));
    expect(Array.from({ length: 500 }, () => random.between(3, 4)).every((x) => x >= 3 && x < 4)).toBe(true);
  });

  it('shuffles without losing anything and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        const before = [...items];
        const shuffled = new Random(seed).shuffle(items);
        expect(items).toEqual(before);
        expect([...shuffled].sort()).toEqual([...items].sort());
      }),
    );
  });

  it('draws Beta(α, α) around one half, far from it where α is small', () => {
    const spread = (alpha: number) => {
      const random = new Random('beta');
      const drawn = Array.from({ length: 4000 }, () => random.beta(alpha));
      const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
      expect(mean).toBeCloseTo(0.5, 1);
      return drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    };
    // The variance of Beta(α, α) is 1 / (4 · (2α + 1)).
    expect(spread(1)).toBeCloseTo(1 / 12, 1);
    expect(spread(0.2)).toBeCloseTo(1 / 5.6, 1);
  });
});
