import type { DenseUnit } from '../recognise-head.js';
import type { Convolution } from '../recognise-vgg16.js';

/** A convolution with batch norm folded in, in ONNX' order of axes. */
export interface FoldedConvolution {
  /** [out, in, 3, 3] */
  readonly shape: readonly number[];
  readonly kernel: Float32Array;
  /** [out] */
  readonly bias: Float32Array;
}

/**
 * Folds batch norm into the kernel: with s = gamma / √(variance + epsilon), kernel' = kernel · s and
 * bias' = (bias − mean) · s + beta. In double precision, rounded once.
 */
export function foldConvolution({ kernel, bias, norm }: Convolution): FoldedConvolution {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = kernel.shape;
  const folded = new Float32Array(kernel.data.length);
  const foldedBias = new Float32Array(outputs);
  const area = height * width;
  for (let out = 0; out < outputs; out++) {
    const scale = norm ? (norm.gamma?.[out] ?? 1) / Math.sqrt(norm.variance[out]! + norm.epsilon) : 1;
    foldedBias[out] = ((bias?.[out] ?? 0) - (norm?.mean[out] ?? 0)) * scale + (norm?.beta?.[out] ?? 0);
    for (let input = 0; input < inputs; input++) {
      for (let at = 0; at < area; at++) {
        const value = kernel.data[(at * inputs + input) * outputs + out]!;
        folded[(out * inputs + input) * area + at] = value * scale;
      }
    }
  }
  return { shape: [outputs, inputs, height, width], kernel: folded, bias: foldedBias };
}

/**
 * Reorders the rows of a Dense kernel that follows Flatten: Keras flattens [height, width, channels], the graph
 * flattens [channels, height, width].
 */
export function channelsFirstRows(unit: DenseUnit, area: number, channels: number): Float32Array {
  const columns = unit.kernel.shape[1]!;
  const reordered = new Float32Array(unit.kernel.data.length);
  for (let at = 0; at < area; at++) {
    for (let channel = 0; channel < channels; channel++) {
      const from = (at * channels + channel) * columns;
      reordered.set(unit.kernel.data.subarray(from, from + columns), (channel * area + at) * columns);
    }
  }
  return reordered;
}
