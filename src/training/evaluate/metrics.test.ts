import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argmax, type Judgement, metricsOf } from './metrics.js';

const LABELS = ['a', 'b', 'c'];
const repeat = (count: number, actual: number, predicted: number): Judgement[] =>
  Array.from({ length: count }, () => ({ actual, predicted }));

describe('metrics', () => {
  it('agree with a confusion matrix worked out by hand', () => {
    const judged = [
      ...repeat(8, 0, 0),
      ...repeat(2, 0, 1),
      ...repeat(1, 1, 0),
      ...repeat(3, 1, 1),
      ...repeat(4, 2, 0),
      ...repeat(2, 2, 2),
    ];
    const metrics = metricsOf(judged, LABELS);
    expect(metrics.confusion).toEqual([
      [8, 2, 0],
      [1, 3, 0],
      [4, 0, 2],
    ]);
    expect(metrics.accuracy).toBeCloseTo(13 / 20, 12);
    expect(metrics.unweightedAccuracy).toBeCloseTo((0.8 + 0.75 + 1 / 3) / 3, 12);
    expect(metrics.perClass[0]).toEqual({
      label: 'a',
      support: 10,
      precision: 8 / 13,
      recall: 0.8,
      f1: 16 / 23,
    });
    expect(metrics.macroF1).toBeCloseTo((16 / 23 + 6 / 9 + 4 / 8) / 3, 12);
  });

  it('leave classes that do not occur out of the means', () => {
    const metrics = metricsOf([...repeat(3, 0, 0), ...repeat(1, 0, 2)], LABELS);
    expect(metrics.unweightedAccuracy).toBe(0.75);
    expect(metrics.perClass[1]).toEqual({ label: 'b', support: 0, precision: null, recall: null, f1: null });
    expect(metrics.perClass[2]).toMatchObject({ precision: 0, recall: null });
  });

  const judgements = fc.array(fc.record({ actual: fc.nat(2), predicted: fc.nat(2) }), { minLength: 1 });

  it('count every item once and lie between 0 and 1', () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const metrics = metricsOf(judged, LABELS);
        expect(metrics.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(judged.length);
        for (const share of [metrics.accuracy, metrics.unweightedAccuracy, metrics.macroF1]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('are 1 where all is right, and UA is WA where classes are equally frequent', () => {
    fc.assert(
      fc.property(judgements, (judged) => {
        const right = metricsOf(
          judged.map(({ actual }) => ({ actual, predicted: actual })),
          LABELS,
        );
        expect([right.accuracy, right.unweightedAccuracy, right.macroF1]).toEqual([1, 1, 1]);
        const balanced = metricsOf(
          LABELS.flatMap((_, actual) => judged.map(({ predicted }) => ({ actual, predicted }))),
          LABELS,
        );
        expect(balanced.unweightedAccuracy).toBeCloseTo(balanced.accuracy, 12);
      }),
    );
  });

  it('argmax takes the first of equals', () => {
    expect(argmax([0.2, 0.4, 0.4])).toBe(1);
  });
});
