import { foldBatchNorm, type PlainConvolution } from '../fold-batch-norm.js';
import type { Tensor } from '../keras-model.js';
import type { Vgg16 } from '../recognise-vgg16.js';
import type { Vgg16Architecture } from '../vgg16.js';

/** A VGG16 as a thread with TensorFlow computes it: batch norm folded, everything in Keras' order of axes. */
export interface TfjsNetwork {
  /** ReLU follows each convolution, a 2×2 max pooling each block. */
  readonly blocks: readonly (readonly PlainConvolution[])[];
  readonly pooling: Vgg16Architecture['head']['pooling'];
  /** Kernels [in, out] and biases [out]. ReLU follows each but the last, which softmax follows. */
  readonly head: readonly { readonly kernel: Tensor; readonly bias: Float32Array }[];
}

export function tfjsNetworkOf({ architecture, blocks, head }: Vgg16): TfjsNetwork {
  return {
    blocks: blocks.map((convolutions) => convolutions.map(foldBatchNorm)),
    pooling: architecture.head.pooling,
    head: head.map(({ kernel, bias }) => ({ kernel, bias: bias ?? new Float32Array(kernel.shape[1]!) })),
  };
}
