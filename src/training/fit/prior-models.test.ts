import { describe, expect, it } from 'vitest';
import { randomVgg16 } from '../../../test/support/random-vgg16.js';
import { filtersAt, type Vgg16Architecture } from '../../inference/index.js';
import { initialValues, weightsSha256 } from './prior-models.js';

const architecture = (changes: Partial<Vgg16Architecture> = {}): Vgg16Architecture => ({
  inputShape: [32, 32, 1],
  filters: filtersAt(1 / 32),
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0 },
  classes: 7,
  ...changes,
});

const weightsOf = (changes: Partial<Vgg16Architecture>, seed: number) =>
  randomVgg16(architecture(changes), seed).layers.flatMap(({ weights }) => weights);

describe('a run that begins with the weights of another model', () => {
  const model = randomVgg16(architecture(), 1);
  const given = model.layers.flatMap(({ weights }) => weights.map(({ data }) => data));

  it('takes all of them', () => {
    expect(initialValues(model, weightsOf({}, 2), '--from')).toEqual(given);
  });

  it('keeps its own last layer where the labels are others', () => {
    const own = weightsOf({ classes: 8 }, 2);
    const values = initialValues(model, own, '--from');
    expect(values.slice(0, -2)).toEqual(given.slice(0, -2));
    expect(values.slice(-2)).toEqual(own.slice(-2).map(({ data }) => data));
  });

  it('refuses a network of another width, naming the layer', () => {
    expect(() => initialValues(model, weightsOf({ filters: filtersAt(1 / 16) }, 2), '--from')).toThrow(
      /--from.*weight 1 of the network.*block1_conv1/,
    );
  });

  it('is known by them', () => {
    expect(weightsSha256(model)).toBe(weightsSha256(randomVgg16(architecture(), 1)));
    expect(weightsSha256(model)).not.toBe(weightsSha256(randomVgg16(architecture(), 2)));
  });
});
