import { z } from 'zod';
import { UndertoneError } from '../../errors.js';
import type { KerasLayer } from '../keras-model.js';

/** Without the batch dimension, channels last. */
export type Shape = readonly number[];

const size = z.int().positive();
/** Keras writes `[2, 2]`, people write `2`. */
const pair = z.union([z.tuple([size, size]), size.transform((n): [number, number] => [n, n])]);
/** Activations without a parameter of their own, by Keras' names. */
const activation = z
  .enum(['linear', 'relu', 'softmax', 'elu', 'selu', 'tanh', 'sigmoid', 'softplus', 'softsign'])
  .nullish()
  .transform((name) => name ?? 'linear');
const channelsLast = z.literal('channels_last').nullish();
/** Keras 2 writes the axis as a list of one. */
const axis = z.union([z.int(), z.tuple([z.int()]).transform(([only]) => only)]).default(-1);
const number = z.number();
/** A statistic of each channel, or one for all. */
const statistic = z.union([number.transform((value) => [value]), z.array(number)]);
const padding = z.enum(['same', 'valid']).default('valid');

/** The layers Undertone understands, each with the part of its Keras `config` that decides its arithmetic. */
const LAYER_CONFIGS = {
  Conv2D: z.object({
    filters: size,
    kernel_size: pair,
    strides: pair.default([1, 1]),
    padding,
    data_format: channelsLast,
    dilation_rate: pair.default([1, 1]).refine(([h, w]) => h === 1 && w === 1, 'only 1 is supported'),
    groups: z.literal(1).default(1),
    activation,
    use_bias: z.boolean().default(true),
  }),
  BatchNormalization: z.object({
    axis,
    epsilon: z.number().positive().default(1e-3),
    center: z.boolean().default(true),
    scale: z.boolean().default(true),
  }),
  Activation: z.object({ activation }),
  ReLU: z.object({
    max_value: z.null().optional(),
    negative_slope: z.literal(0).nullish(),
    threshold: z.literal(0).nullish(),
  }),
  Softmax: z.object({ axis: z.literal(-1).default(-1) }),
  MaxPooling2D: z.object({
    pool_size: pair.default([2, 2]),
    strides: pair.nullish(),
    padding,
    data_format: channelsLast,
  }),
  GlobalAveragePooling2D: z.object({ data_format: channelsLast, keepdims: z.literal(false).default(false) }),
  GlobalMaxPooling2D: z.object({ data_format: channelsLast, keepdims: z.literal(false).default(false) }),
  Flatten: z.object({ data_format: channelsLast }),
  Dropout: z.object({ rate: z.number().min(0).max(1) }),
  SpatialDropout2D: z.object({}),
  GaussianNoise: z.object({}),
  GaussianDropout: z.object({}),
  Rescaling: z.object({ scale: number, offset: number.default(0) }),
  Normalization: z.object({
    axis,
    mean: statistic,
    variance: statistic,
    invert: z.literal(false).default(false),
  }),
  Dense: z.object({ units: size, activation, use_bias: z.boolean().default(true) }),
} as const;

export type LayerClass = keyof typeof LAYER_CONFIGS;

/** A layer's arithmetic, defaults filled in; `className` tells which. */
export type LayerSpec = {
  [C in LayerClass]: { readonly className: C; readonly config: z.output<(typeof LAYER_CONFIGS)[C]> };
}[LayerClass];

/** What a layer makes of its input, and the shapes of its weights in Keras' order. */
export interface LayerShapes {
  readonly output: Shape;
  readonly weights: readonly Shape[];
}

type LayerHeader = Pick<KerasLayer, 'className' | 'name' | 'config'>;

/** @throws UT_INFERENCE_KERAS_UNSUPPORTED where the class or one of its settings is not among those above. */
export function specOf(layer: LayerHeader, place: string): LayerSpec {
  const schema = Object.hasOwn(LAYER_CONFIGS, layer.className)
    ? LAYER_CONFIGS[layer.className as LayerClass]
    : undefined;
  if (!schema)
    throw unsupported(`its class ${layer.className} is not one of ${knownClasses()}.`, layer, place);
  const parsed = schema.safeParse(layer.config);
  if (parsed.success) return { className: layer.className, config: parsed.data } as LayerSpec;
  const issue = parsed.error.issues[0];
  throw unsupported(`${layer.className} setting ${issue?.path.join('.')}: ${issue?.message}.`, layer, place);
}

/** @throws UT_INFERENCE_KERAS_UNSUPPORTED where the layer cannot take an input of this shape. */
export function shapesOf(layer: LayerHeader, input: Shape, place: string): LayerShapes {
  const spec = specOf(layer, place);
  const rank = SPATIAL.has(spec.className) ? 3 : spec.className === 'Dense' ? 1 : undefined;
  if (rank !== undefined && input.length !== rank) {
    const found = `its input has the shape [${input}], ${spec.className} needs ${rank} dimension(s).`;
    throw unsupported(found, layer, place);
  }
  if ('axis' in spec.config && spec.config.axis !== -1 && spec.config.axis !== input.length) {
    throw unsupported(`axis ${spec.config.axis} of its input [${input}] is not the last.`, layer, place);
  }
  const shapes = shapesFor(spec, input);
  if (shapes.output.every((n) => n >= 1)) return shapes;
  throw unsupported(`its input [${input}] is too small, nothing is left of it.`, layer, place);
}

const SPATIAL: ReadonlySet<LayerClass> = new Set([
  'Conv2D',
  'MaxPooling2D',
  'GlobalAveragePooling2D',
  'GlobalMaxPooling2D',
]);

function shapesFor(spec: LayerSpec, input: Shape): LayerShapes {
  const [height = 0, width = 0, channels = 0] = input;
  switch (spec.className) {
    case 'Conv2D': {
      const { filters, kernel_size: kernel, strides, padding, use_bias } = spec.config;
      const output = [...slide([height, width], kernel, strides, padding), filters];
      return { output, weights: [[...kernel, channels, filters], ...(use_bias ? [[filters]] : [])] };
    }
    case 'MaxPooling2D': {
      const { pool_size, strides, padding } = spec.config;
      return {
        output: [...slide([height, width], pool_size, strides ?? pool_size, padding), channels],
        weights: [],
      };
    }
    case 'BatchNormalization': {
      const count = 2 + Number(spec.config.center) + Number(spec.config.scale);
      return { output: input, weights: new Array<Shape>(count).fill([input.at(-1)!]) };
    }

    case 'Dense': {
      const { units, use_bias } = spec.config;
      return { output: [units], weights: [[height, units], ...(use_bias ? [[units]] : [])] };
    }
    case 'GlobalAveragePooling2D':
    case 'GlobalMaxPooling2D':
      return { output: [channels], weights: [] };
    case 'Flatten':
      return { output: [elementsIn(input)], weights: [] };
    case 'Activation':
    case 'ReLU':
    case 'Softmax':
    case 'Dropout':
    case 'SpatialDropout2D':
    case 'GaussianNoise':
    case 'GaussianDropout':
    case 'Rescaling':
    case 'Normalization':
      return { output: input, weights: [] };
  }
}

/** Length of each axis after a kernel slid over it (Keras' `same` and `valid`). */
function slide(axes: Shape, kernel: Shape, strides: Shape, padding: 'same' | 'valid'): number[] {
  return axes.map((length, axis) => {
    const covered = padding === 'same' ? length : length - kernel[axis]! + 1;
    return Math.ceil(covered / strides[axis]!);
  });
}

export function elementsIn(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

function knownClasses(): string {
  return Object.keys(LAYER_CONFIGS).join(', ');
}

function unsupported(detail: string, layer: LayerHeader, place: string): UndertoneError {
  return new UndertoneError('UT_INFERENCE_KERAS_UNSUPPORTED', detail, {
    place: `${place}, layer "${layer.name}"`,
  });
}
