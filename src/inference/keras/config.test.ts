import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UndertoneError } from '../../errors.js';
import { parseConfig } from './config.js';

const input = {
  class_name: 'InputLayer',
  config: { name: 'in', batch_shape: [null, 128, 64, 1] },
  inbound_nodes: [],
};

function node(class_name: string, name: string, ...sources: string[]) {
  const args = sources.map((source) => ({
    class_name: '__keras_tensor__',
    config: { shape: [], dtype: 'float32', keras_history: [source, 0, 0] },
  }));
  return { class_name, config: { name }, inbound_nodes: [{ args, kwargs: { mask: null } }] };
}

function functional(...layers: unknown[]): string {
  return JSON.stringify({ class_name: 'Functional', config: { name: 'm', layers } });
}

describe('parseConfig', () => {
  test('orders the layers of a Functional model by what feeds them, not as they are listed', () => {
    const json = functional(node('Dense', 'b', 'a'), input, node('Flatten', 'a', 'in'));
    expect(parseConfig(json, 'm.keras')).toEqual({
      name: 'm',
      inputShape: [128, 64, 1],
      layers: [
        { className: 'Flatten', name: 'a', config: {}, group: 'flatten', path: ['a'] },
        { className: 'Dense', name: 'b', config: {}, group: 'dense', path: ['b'] },
      ],
    });
  });

  test('flattens models inside models; groups count the layers of each in the order they are listed', () => {
    const base = {
      class_name: 'Functional',
      config: {
        name: 'vgg16',
        layers: [node('Conv2D', 'late', 'early'), input, node('Conv2D', 'early', 'in')],
      },
    };
    const layers = [base, { class_name: 'Dense', config: { name: 'out' } }];
    const json = JSON.stringify({ class_name: 'Sequential', config: { name: 'm', layers } });
    expect(parseConfig(json, 'm.keras')).toEqual({
      name: 'm',
      inputShape: [128, 64, 1],
      layers: [
        {
          className: 'Conv2D',
          name: 'early',
          config: {},
          group: 'functional/layers/conv2d_1',
          path: ['vgg16', 'early'],
        },
        {
          className: 'Conv2D',
          name: 'late',
          config: {},
          group: 'functional/layers/conv2d',
          path: ['vgg16', 'late'],
        },
        { className: 'Dense', name: 'out', config: {}, group: 'dense', path: ['out'] },
      ],
    });
  });

  test('reads what Keras 2 wrote: links as [name, node, tensor, arguments], the input at the first layer', () => {
    const linked = (class_name: string, name: string, source: string) => ({
      class_name,
      config: { name },
      inbound_nodes: [[[source, 0, 0, {}]]],
    });
    const json = functional(input, linked('Dense', 'b', 'a'), linked('Flatten', 'a', 'in'));
    expect(parseConfig(json, 'm.h5').layers.map(({ name }) => name)).toEqual(['a', 'b']);
    const first = { class_name: 'Flatten', config: { name: 'a', batch_input_shape: [null, 8, 6, 3] } };
    const sequential = { class_name: 'Sequential', config: { name: 'm', layers: [first] } };
    expect(parseConfig(JSON.stringify(sequential), 'm.h5').inputShape).toEqual([8, 6, 3]);
  });

  test.each([
    [
      'a branch',
      functional(input, node('Flatten', 'a', 'in'), node('Flatten', 'b', 'in')),
      /"b" branches or merges/,
    ],
    [
      'a merge',
      functional(input, node('ReLU', 'a', 'in'), node('Add', 'sum', 'in', 'a')),
      /"sum" branches or merges/,
    ],
    ['a loop', functional(input, node('ReLU', 'a', 'b'), node('ReLU', 'b', 'a')), /only 1 of 3 layers/],
    ['a subclassed model', '{"class_name":"MyModel","config":{}}', /field class_name/],
    [
      'a field of the wrong type',
      '{"class_name":"Sequential","config":{"name":7,"layers":[]}}',
      /field config.name/,
    ],
    ['text', 'Sequential', /not JSON/],
    [
      'an open input',
      '{"class_name":"Sequential","config":{"name":"m","layers":[{"class_name":"InputLayer","config":{"name":"i","batch_shape":[null,null,64,1]}}]}}',
      /the input shape \[null,null,64,1\] is not fixed/,
    ],
  ])('refuses %s', (_, json, message) => {
    expect(() => parseConfig(json, 'm.keras')).toThrow(message);
    expect(() => parseConfig(json, 'm.keras')).toThrow(/UT_INFERENCE_KERAS_CONFIG at m.keras, config.json/);
  });

  test('meets any JSON with an UndertoneError', () => {
    const layers = fc.array(
      fc.oneof(fc.jsonValue(), fc.constant(input), fc.constant(node('ReLU', 'a', 'in'))),
    );
    const shaped = fc.record({
      class_name: fc.constantFrom('Sequential', 'Functional'),
      config: fc.record({ name: fc.string(), layers, build_input_shape: fc.jsonValue() }),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), shaped), (value) => {
        try {
          return Array.isArray(parseConfig(JSON.stringify(value), 'm.keras').layers);
        } catch (error) {
          return error instanceof UndertoneError;
        }
      }),
    );
  });
});
