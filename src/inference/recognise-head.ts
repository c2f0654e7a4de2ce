import { type Affine, affineOf, chain, takeBatchNorm } from './batch-norm.js';
import type { Tensor } from './keras-model.js';
import type { ActivationName, LayerCursor } from './layer-cursor.js';
import type { Vgg16Architecture } from './vgg16.js';

export interface DenseUnit {
  /** [in, out] */
  readonly kernel: Tensor;
  readonly bias: Float32Array | undefined;
  /** `softmax` at the last one, and there alone. */
  readonly activation: ActivationName;
}

type Pooling = Vgg16Architecture['head']['pooling'];

/** The part of a VGG16 behind its fifth pooling. */
interface Head {
  readonly pooling: Pooling;
  readonly units: readonly DenseUnit[];
}

const POOLINGS = [
  ['Flatten', 'flatten'],
  ['GlobalAveragePooling2D', 'average'],
  ['GlobalMaxPooling2D', 'max'],
] as const;

/**
 * Takes pooling and Dense layers up to softmax. Batch norm that stands before a Dense layer, whatever lies between,
 * becomes part of that layer; so does one between a Dense layer and its activation.
 */
export function takeHead(cursor: LayerCursor): Head {
  let pending = takeNorms(cursor);
  const pooling = takePooling(cursor);
  if (pending && pooling === 'max') {
    throw cursor.mismatch('BatchNormalization before GlobalMaxPooling2D is not computed; put it behind.');
  }
  const units: DenseUnit[] = [];
  do {
    if (cursor.at('Flatten')) cursor.take('Flatten', 'Flatten');
    const norm = takeNorms(cursor);
    const before = pending && norm ? chain(pending, norm) : (pending ?? norm);
    units.push(takeUnit(cursor, before));
    pending = undefined;
  } while (units.at(-1)!.activation !== 'softmax');
  cursor.expectEnd();
  return { pooling, units };
}

function takePooling(cursor: LayerCursor): Pooling {
  const found = POOLINGS.find(([className]) => cursor.at(className));
  const [className, pooling] = found ?? POOLINGS[1];
  cursor.take(className, 'GlobalAveragePooling2D, GlobalMaxPooling2D or Flatten (start of the head)');
  return pooling;
}

/** Batch norms in a row, as one step. */
function takeNorms(cursor: LayerCursor): Affine | undefined {
  let step: Affine | undefined;
  while (cursor.at('BatchNormalization')) {
    const norm = affineOf(takeBatchNorm(cursor));
    step = step ? chain(step, norm) : norm;
  }
  return step;
}

function takeUnit(cursor: LayerCursor, before: Affine | undefined): DenseUnit {
  const { config, weights } = cursor.take('Dense', 'a Dense layer (head)');
  const plain = { kernel: weights[0]!, bias: weights[1]?.data };
  const unit = before ? foldBefore(before, plain) : plain;
  if (config.activation !== 'linear') return { ...unit, activation: config.activation };
  const behind = takeNorms(cursor);
  return { ...(behind ? foldBehind(unit, behind) : unit), activation: cursor.takeAnyActivation() };
}

type Weights = Omit<DenseUnit, 'activation'>;

/** W·(s ∘ x + t) + b = (W ∘ s)·x + (W·t + b); a channel's values repeat over the places that Flatten put in a row. */
function foldBefore({ scale, shift }: Affine, { kernel, bias }: Weights): Weights {
  const [rows = 0, columns = 0] = kernel.shape;
  const data = new Float32Array(kernel.data.length);
  const sums = Float64Array.from({ length: columns }, (_, column) => bias?.[column] ?? 0);
  for (let row = 0; row < rows; row++) {
    const channel = row % scale.length;
    for (let column = 0; column < columns; column++) {
      const value = kernel.data[row * columns + column]!;
      data[row * columns + column] = value * scale[channel]!;
      sums[column]! += value * shift[channel]!;
    }
  }
  return { kernel: { shape: kernel.shape, data }, bias: Float32Array.from(sums) };
}

/** s ∘ (W·x + b) + t = (s ∘ W)·x + (s ∘ b + t). */
function foldBehind({ kernel, bias }: Weights, { scale, shift }: Affine): Weights {
  const columns = scale.length;
  return {
    kernel: { shape: kernel.shape, data: kernel.data.map((value, i) => value * scale[i % columns]!) },
    bias: Float32Array.from(shift, (value, column) => value + (bias?.[column] ?? 0) * scale[column]!),
  };
}
