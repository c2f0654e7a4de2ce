import { foldBatchNorm } from '../fold-batch-norm.js';
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

/** Folds batch norm in, and brings the axes into ONNX' order. */
export function foldConvolution(convolution: Convolution): FoldedConvolution {
  const { kernel, bias } = foldBatchNorm(convolution);
  const [height = 0, width = 0, inputs = 0, outputs = 0] = kernel.shape;
  const area = height * width;
  const reordered = new Float32Array(kernel.data.length);
  for (let out = 0; out < outputs; out++) {
    for (let input = 0; input < inputs; input++) {
      for (let at = 0; at < area; at++) {
        reordered[(out * inputs + input) * area + at] = kernel.data[(at * inputs + input) * outputs + out]!;
      }
    }
  }
  return { shape: [outputs, inputs, height, width], kernel: reordered, bias };
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
