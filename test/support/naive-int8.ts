import type { QuantizedConvolution } from '../../src/inference/int8/quantize.js';

/** A map of uint8 values, [channels, height, width]. */
export interface Int8Map {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/**
 * A quantised 3×3 convolution as its definition reads (ONNX QLinearConv, zero points 0): exact sums in loops, one
 * multiplication by a float32 ratio, rounding half to even, clipping to a uint8.
 */
export function naiveInt8Convolution(
  input: Int8Map,
  { shape, kernel, scales, bias }: QuantizedConvolution,
  inputStep: number,
  outputStep: number,
): Int8Map {
  const { channels, height, width, data } = input;
  const outputs = shape[0]!;
  const result = new Uint8Array(outputs * height * width);
  for (let out = 0; out < outputs; out++) {
    const ratio = Math.fround(Math.fround(Math.fround(inputStep) * scales[out]!) / Math.fround(outputStep));
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let sum = bias[out]!;
        for (let c = 0; c < channels; c++)
          for (let dy = 0; dy < 3; dy++)
            for (let dx = 0; dx < 3; dx++) {
              const [row, column] = [y + dy - 1, x + dx - 1];
              if (row < 0 || column < 0 || row >= height || column >= width) continue;
              sum +=
                data[(c * height + row) * width + column]! *
                kernel[((out * channels + c) * 3 + dy) * 3 + dx]!;
            }
        const scaled = roundHalfToEven(Math.fround(Math.fround(sum) * ratio));
        result[(out * height + y) * width + x] = Math.max(0, Math.min(255, scaled));
      }
  }
  return { channels: outputs, height, width, data: result };
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
