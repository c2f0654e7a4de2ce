import type { KerasLayer, Tensor } from '../keras-model.js';
import type { WeightLayout } from './archive-messages.js';
import type { PlacedLayer } from './config.js';

/** Names of a layer's weights in Keras' own order; one that a layer does without is missing. */
const WEIGHT_NAMES: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['kernel', 'bias'],
  Dense: ['kernel', 'bias'],
  BatchNormalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  Normalization: ['mean', 'variance'],
};

/**
 * A layer with its weights. What a Normalization layer learnt by `adapt` moves into its settings, where Keras takes it
 * as well: as weights they would come with a counter that is no 32-bit float.
 */
export function layerWith(stored: StoredWeights, placed: PlacedLayer): KerasLayer {
  const { group: _, path: __, ...layer } = placed;
  const weights = tensorsOf(placed, stored);
  if (layer.className !== 'Normalization' || weights.length < 2) return { ...layer, weights };
  const [mean, variance] = weights.map(({ data }) => [...data]);
  return { ...layer, config: { ...layer.config, mean, variance }, weights: [] };
}

interface StoredWeights {
  readonly layout: WeightLayout;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** The weights of one layer in Keras' order, as many as the file holds. */
function tensorsOf(layer: PlacedLayer, { layout, weights }: StoredWeights): readonly Tensor[] {
  return layout === 'archive' ? numbered(layer.group, weights) : named(layer, weights);
}

function numbered(group: string, weights: ReadonlyMap<string, Tensor>): readonly Tensor[] {
  const tensors: Tensor[] = [];
  for (let next = weights.get(`${group}/0`); next; next = weights.get(`${group}/${tensors.length}`)) {
    tensors.push(next);
  }
  return tensors;
}

/**
 * A whole-model file has one group for each of the model's own layers. The weights in the group of a nested model are in
 * the order in which they were trainable, so they are known by the last two parts of their names; those of a plain layer
 * by the last, since a layer that was renamed keeps its old name in them.
 */
function named({ className, path }: PlacedLayer, weights: ReadonlyMap<string, Tensor>): readonly Tensor[] {
  const within = path.length > 1 ? `/${path.at(-1)}` : '';
  return (WEIGHT_NAMES[className] ?? []).flatMap((name) => {
    const ending = `${within}/${name}`;
    const found = [...weights].find(([key]) => key.startsWith(`${path[0]}/`) && key.endsWith(ending));
    return found ? [found[1]] : [];
  });
}
