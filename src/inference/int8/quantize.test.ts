import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIVATION_LIMIT, quantizeConvolution, WEIGHT_LIMIT } from './quantize.js';

const convolutions = fc
  .record({ outputs: fc.integer({ min: 1, max: 4 }), inputs: fc.integer({ min: 1, max: 3 }) })
  .chain(({ outputs, inputs }) =>
    fc.record({
      shape: fc.constant([outputs, inputs, 3, 3]),
      kernel: floats(outputs * inputs * 9),
      bias: floats(outputs),
    }),
  );

function floats(length: number) {
  const value = fc.float({ min: -100, max: 100, noNaN: true });
  return fc.array(value, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
}

test('two products fit into an int16, as processors without VNNI need it', () => {
  expect(2 * ACTIVATION_LIMIT * WEIGHT_LIMIT).toBeLessThanOrEqual(2 ** 15 - 1);
});

describe('a quantised convolution', () => {
  test('has weights and biases within half a step, weights in ±64', () => {
    fc.assert(
      fc.property(convolutions, fc.double({ min: 1e-3, max: 10, noNaN: true }), (convolution, inputScale) => {
        const { kernel, scales, bias } = quantizeConvolution(convolution, inputScale);
        const size = kernel.length / scales.length;
        kernel.forEach((weight, at) => {
          const scale = scales[Math.floor(at / size)]!;
          expect(Math.abs(weight)).toBeLessThanOrEqual(WEIGHT_LIMIT);
          expect(Math.abs(weight * scale - convolution.kernel[at]!)).toBeLessThanOrEqual(scale * 0.5001);
        });
        bias.forEach((value, out) => {
          const step = inputScale * scales[out]!;
          expect(Math.abs(value * step - convolution.bias[out]!)).toBeLessThanOrEqual(
            step * 0.5001 + Math.abs(convolution.bias[out]!) * 1e-6,
          );
        });
      }),
    );
  });

  test('uses the whole range in every channel, however different their sizes', () => {
    const kernel = new Float32Array(18).fill(0.001).fill(500, 9);
    const { kernel: rounded } = quantizeConvolution(
      { shape: [2, 1, 3, 3], kernel, bias: new Float32Array(2) },
      1,
    );
    expect([...rounded]).toEqual(new Array(18).fill(WEIGHT_LIMIT));
  });

  test('keeps the bias of a channel whose weights are zero', () => {
    const silent = { shape: [2, 1, 3, 3], kernel: new Float32Array(18), bias: Float32Array.of(3.5, 0) };
    const { scales, bias } = quantizeConvolution(silent, 0.1);
    expect(bias[0]! * scales[0]! * 0.1).toBeCloseTo(3.5, 5);
    expect(bias[1]).toBe(0);
  });
});
