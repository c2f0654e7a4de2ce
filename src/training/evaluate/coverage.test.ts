import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoveredItem, coverageOf } from './coverage.js';

const item = (confidence: number, right: boolean, uncertainBelow = 0.7): CoveredItem => ({
  actual: right ? 0 : 1,
  probabilities: [confidence, 1 - confidence],
  uncertainBelow,
});

describe('coverage', () => {
  it('goes from the surest items to all of them', () => {
    const { curve, aurc, confident } = coverageOf([
      item(0.6, false),
      item(0.9, true),
      item(0.8, true),
      item(0.7, false),
    ]);
    expect(curve).toEqual([
      { threshold: 0.9, coverage: 0.25, accuracy: 1 },
      { threshold: 0.8, coverage: 0.5, accuracy: 1 },
      { threshold: 0.7, coverage: 0.75, accuracy: expect.closeTo(2 / 3, 12) },
      { threshold: 0.6, coverage: 1, accuracy: 0.5 },
    ]);
    expect(aurc).toBeCloseTo((0 + 0 + 1 / 3 + 1 / 2) / 4, 12);
    expect(confident).toEqual({ coverage: 0.75, precision: 2 / 3 });
  });

  it('does not part items of equal confidence', () => {
    const { curve } = coverageOf([item(0.9, true), item(0.9, false), item(0.9, true), item(0.9, true)]);
    expect(curve).toEqual([{ threshold: 0.9, coverage: 1, accuracy: 0.75 }]);
  });

  it('holds each item against the threshold of the model that judged it', () => {
    const { confident } = coverageOf([item(0.75, true, 0.7), item(0.75, false, 0.8)]);
    expect(confident).toEqual({ coverage: 0.5, precision: 1 });
    expect(coverageOf([item(0.6, true)]).confident).toEqual({ coverage: 0, precision: null });
  });

  const items = fc.array(
    fc.record({ confidence: fc.double({ min: 0.5, max: 1, noNaN: true }), right: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  );

  it('keeps more with each point and ends with the accuracy of all', () => {
    fc.assert(
      fc.property(items, (drawn) => {
        // At exactly one half both classes are as likely, and the first is taken.
        const judged = drawn.map(({ confidence, right }) => item(Math.max(0.501, confidence), right));
        const { curve } = coverageOf(judged);
        const right = drawn.filter((one) => one.right).length;
        expect(curve.at(-1)).toMatchObject({ coverage: 1, accuracy: right / drawn.length });
        curve.slice(1).forEach((point, i) => {
          expect(point.coverage).toBeGreaterThan(curve[i]!.coverage);
          expect(point.threshold).toBeLessThan(curve[i]!.threshold);
        });
      }),
    );
  });
});
