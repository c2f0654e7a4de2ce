import type { FoldedConvolution } from '../onnx/weights.js';

/** Largest uint8. */
export const ACTIVATION_LIMIT = 255;

/**
 * Largest weight. Processors with AVX2 or AVX-512 but without VNNI add two products uint8 × int8 in an int16 and
 * saturate there (`vpmaddubsw`). 2 · 255 · 64 = 32640 fits, so every processor gets the same sum, whichever weights its
 * kernels pair.
 */
export const WEIGHT_LIMIT = 64;

/** Biases stay this far below 2³¹, so that the sum over the kernel (under 2³⁰) fits beside them. */
const BIAS_LIMIT = 2 ** 30;

/** A convolution over uint8 with zero point 0, in ONNX' order of axes. */
export interface QuantizedConvolution {
  /** [out, in, 3, 3] */
  readonly shape: readonly number[];
  /** −64…64; times `scales` of its output channel, a weight. */
  readonly kernel: Int8Array;
  /** [out] */
  readonly scales: Float32Array;
  /** [out], in units of input scale × scale of the channel. */
  readonly bias: Int32Array;
}

/**
 * Rounds a convolution's kernel to 7 bits and a sign, each output channel by its largest weight, symmetric about 0.
 * @param inputScale what one step of the input means
 */
export function quantizeConvolution(
  { shape, kernel, bias }: FoldedConvolution,
  inputScale: number,
): QuantizedConvolution {
  const [outputs = 0] = shape;
  const size = kernel.length / outputs;
  const scales = Float32Array.from({ length: outputs }, (_, out) =>
    scaleOf(kernel.subarray(out * size, (out + 1) * size), bias[out]!, inputScale),
  );
  return {
    shape,
    kernel: Int8Array.from(kernel, (weight, at) => Math.round(weight / scales[Math.floor(at / size)]!)),
    scales,
    bias: Int32Array.from(bias, (value, out) => Math.round(value / (inputScale * scales[out]!))),
  };
}

/** A channel whose weights are next to nothing takes the scale that its bias needs. */
function scaleOf(weights: Float32Array, bias: number, inputScale: number): number {
  const largest = weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
  const needed = Math.max(largest / WEIGHT_LIMIT, Math.abs(bias) / (inputScale * BIAS_LIMIT));
  return needed > 0 ? needed : 1;
}
