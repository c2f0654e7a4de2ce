import { type Affine, chain } from './batch-norm.js';
import type { LayerCursor } from './layer-cursor.js';

/** Least standard deviation that Keras' Normalization divides by (`keras.config.epsilon()`). */
const EPSILON = 1e-7;

/** Rescaling and Normalization layers at a model's start, as one step. */
export function takeInputScale(cursor: LayerCursor): Affine | undefined {
  let step: Affine | undefined;
  for (let next = takeOne(cursor); next; next = takeOne(cursor)) step = step ? chain(step, next) : next;
  return step;
}

function takeOne(cursor: LayerCursor): Affine | undefined {
  if (cursor.at('Rescaling')) {
    const { config } = cursor.take('Rescaling', 'Rescaling');
    return { scale: Float64Array.of(config.scale), shift: Float64Array.of(config.offset) };
  }
  if (!cursor.at('Normalization')) return undefined;
  const { config } = cursor.take('Normalization', 'Normalization');
  const scale = Float64Array.from(config.variance, (variance) => 1 / Math.max(Math.sqrt(variance), EPSILON));
  return {
    scale,
    shift: scale.map((factor, channel) => -factor * config.mean[channel % config.mean.length]!),
  };
}
