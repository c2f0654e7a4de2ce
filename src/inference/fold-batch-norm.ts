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
 * Folds batch norm into the kernel: with s = gamma / √(variance + epsilon), kernel' = kernel · s and
 * bias' = (bias − mean) · s + beta. In double precision, rounded once.
 */
export function foldBatchNorm({ kernel, bias, norm }: Convolution): PlainConvolution {
  const outputs = kernel.shape[3]!;
  const scales = Float64Array.from({ length: outputs }, (_, out) =>
    norm ? (norm.gamma?.[out] ?? 1) / Math.sqrt(norm.variance[out]! + norm.epsilon) : 1,
  );
  const foldedBias = Float32Array.from(
    scales,
    (scale, out) => ((bias?.[out] ?? 0) - (norm?.mean[out] ?? 0)) * scale + (norm?.beta?.[out] ?? 0),
  );
  const folded = kernel.data.map((value, index) => value * scales[index % outputs]!);
  return { kernel: { shape: kernel.shape, data: folded }, bias: foldedBias };
}
