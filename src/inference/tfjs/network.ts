import { type Affine, affineOf } from '../batch-norm.js';
import { foldBatchNorm, type PlainConvolution } from '../fold-batch-norm.js';
import type { Tensor } from '../keras-model.js';
import type { ActivationName } from '../layer-cursor.js';
import type { DenseUnit } from '../recognise-head.js';
import type { Convolution, Vgg16 } from '../recognise-vgg16.js';
import type { Vgg16Architecture } from '../vgg16.js';

/** scale · x + shift; a value for each channel, or one for all. */
export interface TfjsAffine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** A convolution, ReLU, and what stands between it and the next. */
export interface TfjsConvolution extends PlainConvolution {
  readonly after: TfjsAffine | undefined;
}

export interface TfjsDense {
  /** [in, out] */
  readonly kernel: Tensor;
  /** [out] */
  readonly bias: Float32Array;
  readonly activation: ActivationName;
}

/** A VGG16 as a thread with TensorFlow computes it: batch norm folded, everything in Keras' order of axes. */
export interface TfjsNetwork {
  readonly inputScale: TfjsAffine | undefined;
  /** A 2×2 max pooling follows each block. */
  readonly blocks: readonly (readonly TfjsConvolution[])[];
  readonly pooling: Vgg16Architecture['head']['pooling'];
  readonly head: readonly TfjsDense[];
}

export function tfjsNetworkOf({ architecture, inputScale, blocks, head }: Vgg16): TfjsNetwork {
  return {
    inputScale: inputScale && rounded(inputScale),
    blocks: blocks.map((convolutions) => convolutions.map(convolutionOf)),
    pooling: architecture.head.pooling,
    head: head.map(denseOf),
  };
}

function convolutionOf(convolution: Convolution): TfjsConvolution {
  const { after } = convolution;
  return { ...foldBatchNorm(convolution), after: after && rounded(affineOf(after)) };
}

function denseOf({ kernel, bias, activation }: DenseUnit): TfjsDense {
  return { kernel, bias: bias ?? new Float32Array(kernel.shape[1]!), activation };
}

function rounded({ scale, shift }: Affine): TfjsAffine {
  return { scale: Float32Array.from(scale), shift: Float32Array.from(shift) };
}
