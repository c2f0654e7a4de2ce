import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomVgg16 } from '../../test/support/random-vgg16.js';
import type { KerasLayer, KerasModel } from './keras-model.js';
import { vgg16Of } from './recognise-vgg16.js';
import { describeFilters, filtersAt, type Vgg16Architecture } from './vgg16.js';

const small: Vgg16Architecture = {
  inputShape: [32, 32, 1],
  filters: filtersAt(1 / 64),
  batchNorm: false,
  head: { pooling: 'average', dense: [5], dropout: 0.25 },
  classes: 3,
};

describe('vgg16Of', () => {
  test('recognises every network that vgg16Layers describes', () => {
    const architectures = fc.record({
      inputShape: fc.constant<[number, number, number]>([64, 32, 1]),
      filters: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 13, maxLength: 13 }),
      batchNorm: fc.boolean(),
      head: fc.record({
        pooling: fc.constantFrom<'average' | 'flatten'>('average', 'flatten'),
        dense: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
        dropout: fc.constantFrom(0, 0.5),
      }),
      classes: fc.integer({ min: 2, max: 8 }),
    });
    fc.assert(
      fc.property(architectures, (architecture) => {
        expect(vgg16Of(randomVgg16(architecture, 1), 'm.keras').architecture).toEqual(architecture);
      }),
      { numRuns: 25 },
    );
  });

  test('keeps the weights of each part', () => {
    const model = randomVgg16({ ...small, batchNorm: true }, 1);
    const { blocks, head } = vgg16Of(model, 'm.keras');
    const norm = model.layers[1]!.weights.map(({ data }) => data);
    expect(blocks.map((block) => block.length)).toEqual([2, 2, 3, 3, 3]);
    expect(blocks[0]![0]).toEqual({
      kernel: model.layers[0]!.weights[0],
      bias: undefined,
      norm: { gamma: norm[0], beta: norm[1], mean: norm[2], variance: norm[3], epsilon: 0.001 },
    });
    expect(head.map(({ kernel }) => kernel.shape)).toEqual([
      [8, 5],
      [5, 3],
    ]);
  });

  test('takes separate ReLU and Softmax layers, and dropout between blocks, for what they are', () => {
    const model = randomVgg16({ ...small, head: { ...small.head, dropout: 0 } }, 1);
    const plain = (layer: KerasLayer): KerasLayer => ({
      ...layer,
      config: { ...layer.config, activation: 'linear' },
    });
    const layers = model.layers.flatMap((layer): KerasLayer[] => {
      if (layer.className === 'Conv2D') return [plain(layer), extra('ReLU')];
      if (layer.name === 'predictions') return [plain(layer), extra('Softmax')];
      return layer.name === 'block2_pool' ? [layer, extra('Dropout', { rate: 0.3 })] : [layer];
    });
    expect(vgg16Of({ ...model, layers }, 'm.keras')).toEqual(vgg16Of(model, 'm.keras'));
  });
});

const extra = (className: string, config = {}): KerasLayer => ({
  className,
  name: 'extra',
  config,
  weights: [],
});

describe('vgg16Of names the layer that differs:', () => {
  const model = randomVgg16(small, 1);
  const at = (name: string) => model.layers.findIndex((layer) => layer.name === name);
  const without = (name: string) => model.layers.toSpliced(at(name), 1);
  const changed = (name: string, config: Record<string, unknown>) =>
    model.layers.map((layer) =>
      layer.name === name ? { ...layer, config: { ...layer.config, ...config } } : layer,
    );

  test.each<[string, readonly KerasLayer[], string]>([
    [
      'a missing convolution',
      without('block3_conv3'),
      'layer 9 "block3_pool" is MaxPooling2D, expected a 3×3 Conv2D (block 3, convolution 3 of 3)',
    ],
    [
      'a missing pooling',
      without('block1_pool'),
      'layer 3 "block2_conv1" is Conv2D, expected a 2×2 MaxPooling2D (end of block 1)',
    ],
    [
      'a 5×5 kernel',
      changed('block1_conv2', { kernel_size: 5 }),
      'layer 2 "block1_conv2" has kernel_size 5,5',
    ],
    ['a stride', changed('block1_conv2', { strides: 2 }), 'strides 2,2'],
    ['a 3×3 pooling', changed('block4_pool', { pool_size: 3 }), 'layer 14 "block4_pool" has pool_size 3,3'],
    [
      'no activation',
      changed('block2_conv1', { activation: 'linear' }),
      'layer 5 "block2_conv2" is Conv2D, expected ReLU (block 2, convolution 1 of 2)',
    ],
    [
      'softmax in a block',
      changed('block2_conv1', { activation: 'softmax' }),
      'has softmax, expected the activation relu',
    ],
    [
      'no head',
      model.layers.slice(0, 18),
      'the model ends after layer 18, expected GlobalAveragePooling2D, GlobalMaxPooling2D or Flatten',
    ],
    [
      'no softmax',
      changed('predictions', { activation: 'relu' }),
      'the model ends after layer 23, expected a Dense layer',
    ],
    [
      'layers after softmax',
      [...model.layers, extra('ReLU')],
      'layer 24 "extra" is ReLU, expected the end after softmax',
    ],
    [
      'one batch norm',
      normalisedOnce(model),
      '1 of its 13 convolutions have BatchNormalization, expected all or none',
    ],
  ])('%s', (_, layers, message) => {
    const read = () => vgg16Of({ ...model, layers }, 'm.keras');
    expect(read).toThrow(message);
    expect(read).toThrow(/^UT_INFERENCE_NOT_VGG16 at m.keras/);
  });

  test('an input of another rank', () => {
    expect(() => vgg16Of({ ...model, inputShape: [32, 32] }, 'm.keras')).toThrow('the input is [32,32]');
  });
});

function normalisedOnce(model: KerasModel): KerasLayer[] {
  const [first, ...rest] = model.layers;
  const ones = { shape: [1], data: new Float32Array([1]) };
  const norm = { ...extra('BatchNormalization'), weights: [ones, ones, ones, ones] };
  return [{ ...first!, config: { ...first!.config, activation: 'linear' } }, norm, extra('ReLU'), ...rest];
}

describe('filters in words', () => {
  test('are a width where they have the proportions of VGG16', () => {
    expect(describeFilters(filtersAt(0.25))).toBe('filters × 0.25');
    expect(describeFilters(filtersAt(1))).toBe('filters × 1');
  });

  test('are the numbers themselves otherwise', () => {
    const filters = filtersAt(0.25).with(0, 9).with(12, 100);
    expect(describeFilters(filters)).toBe('filters 9-16, 32-32, 64-64-64, 128-128-128, 128-128-100');
  });
});
