import { createHash } from 'node:crypto';
import { UndertoneError } from '../../errors.js';
import type { KerasModel } from '../../inference/index.js';

/** Models that a run builds on. */
export interface PriorModels {
  /** Training begins with its weights instead of random ones; `null` = random. */
  readonly initial: KerasModel | null;
  /** Their mean opinion of each window is part of what is to be learnt (Hinton et al. 2015). */
  readonly teachers: readonly KerasModel[];
}

export const NO_PRIOR_MODELS: PriorModels = { initial: null, teachers: [] };

/** SHA-256 over all weights of a model: what a run was built on. */
export function weightsSha256(model: KerasModel): string {
  const hash = createHash('sha256');
  for (const { weights } of model.layers) for (const { data } of weights) hash.update(data);
  return hash.digest('hex');
}

/**
 * The weights of a model in the order of its layers, as a network of the same shapes takes them. Where only the last
 * layer differs (other labels), the network keeps its own for it.
 * @param own weights of the network as it begins
 * @throws UT_TRAINING_BAD_OPTIONS naming the first layer that does not fit
 */
export function initialValues(
  model: KerasModel,
  own: readonly { readonly shape: readonly number[]; readonly data: Float32Array }[],
  place: string,
): Float32Array[] {
  const given = model.layers.flatMap(({ name, weights }) => weights.map((weight) => ({ name, ...weight })));
  const lastLayer = own.length - 2;
  return own.map(({ shape, data }, i) => {
    const weight = given[i];
    if (weight !== undefined && `${weight.shape}` === `${shape}`) return weight.data;
    if (i >= lastLayer && given.length === own.length) return data;
    const found = weight === undefined ? 'nothing' : `[${weight.shape}] of layer "${weight.name}"`;
    const detail = `weight ${i + 1} of the network is [${shape}], the model to begin with has ${found}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place });
  });
}
