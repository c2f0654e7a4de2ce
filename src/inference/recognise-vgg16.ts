import { type Affine, type BatchNorm, takeBatchNorm } from './batch-norm.js';
import type { KerasModel, Tensor } from './keras-model.js';
import { LayerCursor } from './layer-cursor.js';
import { type DenseUnit, takeHead } from './recognise-head.js';
import { takeInputScale } from './recognise-input.js';
import { VGG16_BLOCKS, type Vgg16Architecture } from './vgg16.js';

/** 3×3 convolution, padding `same`, then (batch norm and) ReLU. */
export interface Convolution {
  /** [3, 3, in, out] */
  readonly kernel: Tensor;
  readonly bias: Float32Array | undefined;
  readonly norm: BatchNorm | undefined;
  /** Batch norm after the ReLU. It stays a step of its own: the next convolution pads with zeros behind it. */
  readonly after: BatchNorm | undefined;
}

/** A VGG16 reduced to its arithmetic. */
export interface Vgg16 {
  readonly architecture: Vgg16Architecture;
  /** What the model does to its input before the first convolution (Rescaling, Normalization). */
  readonly inputScale: Affine | undefined;
  /** Five blocks; a 2×2 max pooling ends each. */
  readonly blocks: readonly (readonly Convolution[])[];
  /** Batch norm in the head is folded into its Dense layers. */
  readonly head: readonly DenseUnit[];
}

/**
 * Recognises a VGG16: thirteen 3×3 convolutions in blocks of 2-2-3-3-3, each block ended by a 2×2 pooling, then
 * average pooling, maximum pooling or flattening, Dense layers with or without batch norm, softmax. Rescaling and
 * Normalization may stand before, Dropout anywhere.
 *
 * @param place the model's file, for messages.
 * @throws UT_INFERENCE_NOT_VGG16 naming the first layer that differs, and what was expected there.
 */
export function vgg16Of(model: KerasModel, place: string): Vgg16 {
  const cursor = new LayerCursor(model.layers, place);
  const [frames, mels, channels] = model.inputShape;
  if (model.inputShape.length !== 3 || !frames || !mels || !channels) {
    throw cursor.mismatch(`the input is [${model.inputShape}], expected [frames, mels, channels].`);
  }
  const inputScale = takeInputScale(cursor);
  const blocks = VGG16_BLOCKS.map(({ convolutions }, block) => takeBlock(cursor, block, convolutions));
  const dropoutsInBlocks = cursor.dropoutRates.length;
  const { pooling, units: head } = takeHead(cursor);
  const architecture: Vgg16Architecture = {
    inputShape: [frames, mels, channels],
    filters: blocks.flat().map(({ kernel }) => kernel.shape[3]!),
    batchNorm: batchNormOf(blocks, cursor),
    head: {
      pooling,
      dense: head.slice(0, -1).map(unitsOf),
      dropout: cursor.dropoutRates[dropoutsInBlocks] ?? 0,
    },
    classes: unitsOf(head.at(-1)!),
  };
  return { architecture, inputScale, blocks, head };
}

function takeBlock(cursor: LayerCursor, block: number, convolutions: number): Convolution[] {
  const taken = Array.from({ length: convolutions }, (_, index) =>
    takeConvolution(cursor, `(block ${block + 1}, convolution ${index + 1} of ${convolutions})`),
  );
  const expected = `a 2×2 MaxPooling2D (end of block ${block + 1})`;
  const { config } = cursor.take('MaxPooling2D', expected);
  const strides = config.strides ?? config.pool_size;
  if (`${config.pool_size}` !== '2,2' || `${strides}` !== '2,2' || config.padding !== 'valid') {
    throw cursor.differs(`pool_size ${config.pool_size}, strides ${strides}, ${config.padding}`, expected);
  }
  return taken;
}

function takeConvolution(cursor: LayerCursor, where: string): Convolution {
  const { config, weights } = cursor.take('Conv2D', `a 3×3 Conv2D ${where}`);
  if (`${config.kernel_size}` !== '3,3' || `${config.strides}` !== '1,1' || config.padding !== 'same') {
    const found = `kernel_size ${config.kernel_size}, strides ${config.strides}, padding ${config.padding}`;
    throw cursor.differs(found, `3,3 and 1,1 and same ${where}`);
  }
  const { activation } = config;
  if (activation !== 'linear' && activation !== 'relu') {
    throw cursor.differs(activation, `the activation relu ${where}`);
  }
  const norm = activation === 'linear' && cursor.at('BatchNormalization') ? takeBatchNorm(cursor) : undefined;
  if (activation === 'linear') cursor.takeActivation('relu', `ReLU ${where}`);
  const after = cursor.at('BatchNormalization') ? takeBatchNorm(cursor) : undefined;
  return { kernel: weights[0]!, bias: weights[1]?.data, norm, after };
}

function unitsOf(unit: DenseUnit): number {
  return unit.kernel.shape[1]!;
}

function batchNormOf(blocks: readonly (readonly Convolution[])[], cursor: LayerCursor): boolean {
  const convolutions = blocks.flat();
  const normalised = convolutions.filter(({ norm }) => norm).length;
  if (normalised === 0 || normalised === convolutions.length) return normalised > 0;
  throw cursor.mismatch(
    `${normalised} of its ${convolutions.length} convolutions have BatchNormalization, expected all or none.`,
  );
}
