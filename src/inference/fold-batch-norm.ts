import { type Affine, affineOf } from './batch-norm.js';
import type { Tensor } from './keras-model.js';
import type { Convolution } from './recognise-vgg16.js';

/** A 3×3 convolution that is nothing but that; ReLU follows. */
export interface PlainConvolution {
  /** [3, 3, in, out] */
  readonly kernel: Tensor;
  /** [out] */
  readonly bias: Float32Array;
}

/**
 * Folds batch norm into the kernel: kernel' = kernel · scale and bias' = bias · scale + shift. In double precision,
 * rounded once.
 */
export function foldBatchNorm({ kernel, bias, norm }: Convolution): PlainConvolution {
  const outputs = kernel.shape[3]!;
  const { scale, shift } = norm ? affineOf(norm) : identity(outputs);
  const folded = kernel.data.map((value, index) => value * scale[index % outputs]!);
  const foldedBias = Float32Array.from(shift, (value, out) => (bias?.[out] ?? 0) * scale[out]! + value);
  return { kernel: { shape: kernel.shape, data: folded }, bias: foldedBias };
}

function identity(channels: number): Affine {
  return { scale: new Float64Array(channels).fill(1), shift: new Float64Array(channels) };
}
