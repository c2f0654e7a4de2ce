import { CONVOLUTIONS, type KerasLayer, type KerasModel, type Tensor } from '../../inference/index.js';

/** [13] For each convolution the filters that stay, ascending. */
export type KeptFilters = readonly (readonly number[])[];

/**
 * A VGG16 without some of its filters: with a filter go its bias, its batch norm, and the weights by which the next layer
 * reads it. What is left computes what it computed, so filters that are zero everywhere can go without a change.
 * @param model as `vgg16Of` recognises it
 */
export function pruneFilters(model: KerasModel, kept: KeptFilters): KerasModel {
  /** What stays of the values that the next layer reads; `null` behind the first Dense layer: everything. */
  let read: readonly number[] | null = range(model.inputShape[2]!);
  let channels = model.inputShape[2]!;
  let convolution = -1;
  const layers = model.layers.map((layer): KerasLayer => {
    if (read === null) return layer;
    const inputs = read;
    switch (layer.className) {
      case 'Conv2D':
        channels = layer.weights[0]!.shape[3]!;
        read = kept[++convolution]!;
        return pruneConvolution(layer, inputs, read);
      case 'BatchNormalization':
        return withWeights(layer, (weight) => select(weight, 0, spread(inputs, weight.shape[0]!, channels)));
      case 'Dense':
        read = null;
        return withWeights(layer, (weight, index) =>
          index === 0 ? select(weight, 0, spread(inputs, weight.shape[0]!, channels)) : weight,
        );
      default:
        return layer;
    }
  });
  return { ...model, layers };
}

/** [13] Filters of each convolution. */
export function filtersOf(model: KerasModel): number[] {
  const convolutions = model.layers.filter(({ className }) => className === 'Conv2D');
  return CONVOLUTIONS.map((_, at) => convolutions[at]!.weights[0]!.shape[3]!);
}

function pruneConvolution(
  layer: KerasLayer,
  inputs: readonly number[],
  outputs: readonly number[],
): KerasLayer {
  const pruned = withWeights(layer, (weight, index) =>
    index === 0 ? select(select(weight, 2, inputs), 3, outputs) : select(weight, 0, outputs),
  );
  return { ...pruned, config: { ...layer.config, filters: outputs.length } };
}

/** Behind Flatten the channels come again at each place: `length` values in all. */
function spread(inputs: readonly number[], length: number, channels: number): readonly number[] {
  return range(length / channels).flatMap((place) => inputs.map((input) => place * channels + input));
}

function withWeights(layer: KerasLayer, change: (weight: Tensor, index: number) => Tensor): KerasLayer {
  return { ...layer, weights: layer.weights.map(change) };
}

/** The slices of a tensor at some places of one axis. */
function select({ shape, data }: Tensor, axis: number, places: readonly number[]): Tensor {
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const selected = new Float32Array(outer * places.length * inner);
  for (let block = 0; block < outer; block++) {
    places.forEach((place, at) => {
      const from = (block * shape[axis]! + place) * inner;
      selected.set(data.subarray(from, from + inner), (block * places.length + at) * inner);
    });
  }
  return { shape: shape.with(axis, places.length), data: selected };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
