import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { naiveForward } from '../../../test/support/naive-forward.js';
import { noise } from '../../../test/support/noise.js';
import { randomVgg16 } from '../../../test/support/random-vgg16.js';
import { type KerasLayer, type KerasModel, type Vgg16Architecture, vgg16Of } from '../../inference/index.js';
import { filtersOf, type KeptFilters, pruneFilters } from './prune.js';
import { chooseFilters, filterImportance } from './rank-filters.js';

const FILTERS = [4, 4, 4, 4, 8, 4, 4, 4, 2, 4, 4, 4, 2];
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const base: Vgg16Architecture = {
  inputShape: [64, 32, 1],
  filters: FILTERS,
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0.3 },
  classes: 3,
};
const window = noise(64 * 32, 5);

const choices = fc.record({
  batchNorm: fc.boolean(),
  head: fc.constantFrom<Vgg16Architecture['head']>(
    { pooling: 'average', dense: [], dropout: 0 },
    { pooling: 'flatten', dense: [5], dropout: 0.5 },
  ),
  kept: fc.tuple(...FILTERS.map((filters) => fc.subarray(range(filters), { minLength: 1 }))),
});

/** The model with the filters that do not stay made zero: they hand on nothing, whatever they hear. */
function silence(model: KerasModel, kept: KeptFilters): KerasModel {
  let convolution = -1;
  const layers = model.layers.map((layer): KerasLayer => {
    if (layer.className === 'Conv2D') convolution++;
    if (layer.className !== 'Conv2D' && layer.className !== 'BatchNormalization') return layer;
    const weights = layer.weights.map(({ shape, data }, index) => {
      const isVariance = layer.className === 'BatchNormalization' && index === 3;
      const stays = (i: number) => isVariance || kept[convolution]!.includes(i % shape.at(-1)!);
      return { shape, data: data.map((value, i) => (stays(i) ? value : 0)) };
    });
    return { ...layer, weights };
  });
  return { ...model, layers };
}

test('filters that are zero everywhere go without a change', () => {
  fc.assert(
    fc.property(choices, fc.integer(), ({ kept, ...changes }, seed) => {
      const silenced = silence(randomVgg16({ ...base, ...changes }, seed), kept);
      const pruned = pruneFilters(silenced, kept);
      const counts = kept.map(({ length }) => length);
      expect(vgg16Of(pruned, 'pruned').architecture.filters).toEqual(counts);
      expect(filtersOf(pruned)).toEqual(counts);
      const [found, expected] = [naiveForward(pruned, window), naiveForward(silenced, window)];
      for (const [index, probability] of expected.entries())
        expect(found[index]).toBeCloseTo(probability, 12);
    }),
    { numRuns: 20 },
  );
});

test('keeping all filters keeps the model as it is', () => {
  const model = randomVgg16(base, 1);
  expect(pruneFilters(model, FILTERS.map(range))).toEqual(model);
});

describe('the importance of filters', () => {
  test('is zero for those that are zero, and for those that nobody reads', async () => {
    const model = randomVgg16(base, 1);
    const kept = FILTERS.map(range).with(2, [0, 2, 3]);
    const silenced = silence(model, kept);
    const deaf = silenced.layers.map((layer) =>
      layer.name === 'block2_conv2'
        ? {
            ...layer,
            weights: layer.weights.map(({ shape, data }) => ({
              shape,
              data: data.map((value, i) => (Math.floor(i / 4) % 4 === 3 ? 0 : value)),
            })),
          }
        : layer,
    );
    const network = vgg16Of({ ...silenced, layers: deaf }, 'm');
    const importance = await filterImportance(network, [window]);
    expect(importance.map(({ length }) => length)).toEqual(FILTERS);
    const zeros = importance.flatMap((filters, at) =>
      filters.flatMap((value, filter) => (value === 0 ? [`${at}/${filter}`] : [])),
    );
    expect(zeros).toEqual(expect.arrayContaining(['2/1', '2/3']));
    for (const filters of importance) {
      const meanSquare = filters.reduce((sum, value) => sum + value * value, 0) / filters.length;
      expect(meanSquare).toBeCloseTo(1, 9);
    }
  });

  test('decides which go, wherever they stand, but never more than three quarters of a convolution', () => {
    const importance = Array.from({ length: 13 }, (_, at) =>
      Array.from({ length: 8 }, (_, filter) => (at === 0 ? 0.001 : 1) + (at + filter) / 1000),
    );
    const counts = (share: number) => chooseFilters(importance, share).map(({ length }) => length);
    expect(counts(0)).toEqual(new Array(13).fill(8));
    expect(chooseFilters(importance, 4 / 104)[0]).toEqual([4, 5, 6, 7]);
    expect(counts(8 / 104)).toEqual([4, 4, ...new Array(11).fill(8)]);
    expect(counts(1)).toEqual(new Array(13).fill(4));
  });

  test('lets filters go by eights, as near to the share as that allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer(), (percent, seed) => {
        const share = percent / 100;
        const widths = [16, 16, 30, 32, 64, 64, 64, 100, 128, 128, 128, 128, 128];
        const importance = widths.map((width, at) => [...noise(width, seed + at).map(Math.abs)]);
        const kept = chooseFilters(importance, share);
        kept.forEach((filters, at) => {
          const [width, count] = [widths[at]!, filters.length];
          expect(count === width || count % 8 === 0).toBe(true);
          expect(count).toBeGreaterThanOrEqual(width / 4);
        });
        const all = widths.reduce((sum, width) => sum + width, 0);
        const gone = all - kept.reduce((sum, { length }) => sum + length, 0);
        expect(gone - share * all).toBeLessThanOrEqual(4.5);
        if (share < 0.7) expect(share * all - gone).toBeLessThanOrEqual(4.5);
      }),
    );
  });
});
