import { type KerasLayer, type KerasModel, specOf, type Vgg16 } from '../../inference/index.js';

/** A layer as TensorFlow.js reads it from model.json. */
interface TfjsLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** One entry of the weights manifest with its values. */
export interface TfjsWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A Sequential model in the words of the TensorFlow.js Layers format (those of Keras 2). */
export interface TfjsModel {
  readonly layers: readonly TfjsLayer[];
  /** In the order in which they lie in the shards. */
  readonly weights: readonly TfjsWeight[];
}

/** What only trains, and what stands before the first convolution: the latter becomes one batch norm. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'Dropout',
  'SpatialDropout2D',
  'GaussianNoise',
  'GaussianDropout',
  'Rescaling',
  'Normalization',
]);

/** The layers that compute when a model answers, as TensorFlow.js has them. */
export function tfjsModelOf(model: KerasModel, network: Vgg16): TfjsModel {
  const kept = model.layers.filter(({ className }) => !LEFT_OUT.has(className));
  const scale = inputNorm(network);
  const all = scale ? [scale, ...kept] : kept;
  const layers = all.map((layer, index) => {
    const first = index === 0 ? { batch_input_shape: [null, ...model.inputShape], dtype: 'float32' } : {};
    return { class_name: layer.className, config: { name: layer.name, ...first, ...configOf(layer) } };
  });
  return { layers, weights: all.flatMap(weightsOf) };
}

/** y = scale · x + shift as a batch norm with mean 0 and variance 1; TensorFlow.js has no Normalization. */
function inputNorm({ inputScale, architecture }: Vgg16): KerasLayer | undefined {
  if (!inputScale) return undefined;
  const channels = architecture.inputShape[2];
  const tensor = (valueAt: (channel: number) => number) => ({
    shape: [channels],
    data: Float32Array.from({ length: channels }, (_, channel) => valueAt(channel)),
  });
  const repeated = (values: Float64Array) => (channel: number) => values[channel % values.length]!;
  const { scale, shift } = inputScale;
  return {
    className: 'BatchNormalization',
    name: 'input_scale',
    config: { epsilon: Number.MIN_VALUE },
    weights: [tensor(repeated(scale)), tensor(repeated(shift)), tensor(() => 0), tensor(() => 1)],
  };
}

/** The settings that decide a layer's arithmetic; what is not set is left out. */
function configOf(layer: KerasLayer): Record<string, unknown> {
  const { config } = specOf(layer, `layer "${layer.name}"`);
  return Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== null && value !== undefined),
  );
}

function weightsOf(layer: KerasLayer): TfjsWeight[] {
  const names = weightNamesOf(layer);
  return layer.weights.map(({ shape, data }, i) => ({ name: `${layer.name}/${names[i]}`, shape, data }));
}

function weightNamesOf(layer: KerasLayer): readonly string[] {
  const spec = specOf(layer, `layer "${layer.name}"`);
  if (spec.className !== 'BatchNormalization') return ['kernel', 'bias'];
  const { scale, center } = spec.config;
  return [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : []), 'moving_mean', 'moving_variance'];
}
