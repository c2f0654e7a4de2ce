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
        { className: 'Flatten', name: 'a', config: {} },
        { className: 'Dense', name: 'b', config: {} },
      ],
    });
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
