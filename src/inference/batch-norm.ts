import type { LayerCursor } from './layer-cursor.js';

/** y = gamma · (x − mean) / √(variance + epsilon) + beta, per channel. */
export interface BatchNorm {
  readonly gamma: Float32Array | undefined;
  readonly beta: Float32Array | undefined;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** y = scale · x + shift; a value for each channel, or one for all. In double precision. */
export interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** A BatchNormalization layer, where one stands next. */
export function takeBatchNorm(cursor: LayerCursor): BatchNorm {
  const { config, weights } = cursor.take('BatchNormalization', 'BatchNormalization');
  const rest = weights.map(({ data }) => data);
  const gamma = config.scale ? rest.shift() : undefined;
  const beta = config.center ? rest.shift() : undefined;
  return { gamma, beta, mean: rest[0]!, variance: rest[1]!, epsilon: config.epsilon };
}

/** What a batch norm does once it is trained. */
export function affineOf({ gamma, beta, mean, variance, epsilon }: BatchNorm): Affine {
  const scale = Float64Array.from(variance, (value, c) => (gamma?.[c] ?? 1) / Math.sqrt(value + epsilon));
  return { scale, shift: scale.map((factor, c) => (beta?.[c] ?? 0) - factor * mean[c]!) };
}

/** One step that does what `first`, then `second` do. */
export function chain(first: Affine, second: Affine): Affine {
  const index = Array.from({ length: Math.max(first.scale.length, second.scale.length) }, (_, c) => c);
  const at = (values: Float64Array, c: number) => values[c % values.length]!;
  return {
    scale: Float64Array.from(index, (c) => at(first.scale, c) * at(second.scale, c)),
    shift: Float64Array.from(index, (c) => at(first.shift, c) * at(second.scale, c) + at(second.shift, c)),
  };
}
