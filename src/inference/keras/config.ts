import { z } from 'zod';
import { UndertoneError } from '../../errors.js';
import type { KerasLayer, KerasModel } from '../keras-model.js';
import { weightGroupsOf } from './naming.js';

/** A layer without its weights, and where these stand. */
export interface PlacedLayer extends Omit<KerasLayer, 'weights'> {
  /** Its group in model.weights.h5 under `layers/`; in a nested model `functional/layers/conv2d`. */
  readonly group: string;
  /** Names of the nested models around it, from the outside in, then its own. */
  readonly path: readonly string[];
}

/** A model without its weights, as config.json describes it; nested models are flattened into one chain. */
export interface ModelHeader {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly PlacedLayer[];
}

const modelConfig = z.object({
  name: z.string(),
  get layers() {
    return z.array(layerSchema).min(1);
  },
  build_input_shape: z.array(z.unknown()).nullish(),
});

const layerSchema = z.object({
  class_name: z.string(),
  config: z.looseObject({ name: z.string() }),
  inbound_nodes: z.array(z.unknown()).optional(),
});
type LayerEntry = z.output<typeof layerSchema>;
type ModelConfig = z.output<typeof modelConfig>;

/** Keras before 2.3 says `Model` where later ones say `Functional`. */
const GRAPHS = ['Functional', 'Model'];
const modelSchema = z.object({ class_name: z.enum(['Sequential', ...GRAPHS]), config: modelConfig });

/** [batch, frames, mels, channels]; any batch, nothing else open. */
const batchShape = z.tuple([z.unknown()], z.int().positive());

/**
 * Reads config.json of a Sequential or of a Functional model that is one chain of layers; models inside it are
 * chains themselves.
 *
 * @throws UT_INFERENCE_KERAS_CONFIG
 */
export function parseConfig(json: string, place: string): ModelHeader {
  const { class_name, config } = parsed(modelSchema, parseJson(json, place), '', place);
  return {
    name: config.name,
    inputShape: fixedShape(inputShapeIn(config), place),
    layers: named(flatten(class_name, config, { group: '', path: [], place })),
  };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, within: string, place: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw bad(`${within}field ${issue?.path.join('.') || '(root)'}: ${issue?.message}.`, place);
}

interface Position {
  /** Prefix of the groups of the layers in here. */
  readonly group: string;
  readonly path: readonly string[];
  readonly place: string;
}

/** Keras numbers the groups of weights in the order in which the layers are listed, not in which they are run. */
function flatten(className: string, { layers }: ModelConfig, at: Position): PlacedLayer[] {
  const groups = new Map(
    weightGroupsOf(layers.map((layer) => layer.class_name)).map((group, i) => [layers[i], group]),
  );
  const ordered = GRAPHS.includes(className) ? inChainOrder(layers, at.place) : layers;
  return ordered.flatMap((layer) => {
    if (layer.class_name === 'InputLayer') return [];
    const group = `${at.group}${groups.get(layer)}`;
    const path = [...at.path, layer.config.name];
    if (!isModel(layer)) return [{ ...headerOf(layer), group, path }];
    const config = parsed(modelConfig, layer.config, `model "${layer.config.name}": `, at.place);
    return flatten(layer.class_name, config, { ...at, group: `${group}/layers/`, path });
  });
}

/** Names are unique within a model; where flattening brings two together, the later one gets those of its models too. */
function named(layers: readonly PlacedLayer[]): PlacedLayer[] {
  const used = new Set<string>();
  return layers.map((layer) => {
    const name = used.has(layer.name) ? layer.path.join('_') : layer.name;
    used.add(name);
    return { ...layer, name };
  });
}

function isModel({ class_name }: LayerEntry): boolean {
  return class_name === 'Sequential' || GRAPHS.includes(class_name);
}

/** Where the input's shape may stand: in an InputLayer, at the model, or (Keras 2) at its first layer. */
function inputShapeIn({ layers, build_input_shape }: ModelConfig): unknown {
  const input = layers.find((layer) => layer.class_name === 'InputLayer') ?? layers[0];
  const own = input?.config.batch_shape ?? input?.config.batch_input_shape ?? build_input_shape;
  if (own || !input || !isModel(input)) return own;
  const nested = modelConfig.safeParse(input.config);
  return nested.success ? inputShapeIn(nested.data) : undefined;
}

/** config.json of a Sequential model, in Keras' own form. */
export function formatConfig(model: KerasModel): string {
  const input_shape = [null, ...model.inputShape];
  const input = { batch_shape: input_shape, dtype: 'float32', sparse: false, name: 'input_layer' };
  const layers = model.layers.map(({ className, name, config }) => entry(className, { ...config, name }));
  return JSON.stringify({
    module: 'keras',
    class_name: 'Sequential',
    config: {
      name: model.name,
      trainable: true,
      dtype: entry('DTypePolicy', { name: 'float32' }, 'keras'),
      layers: [entry('InputLayer', input), ...layers],
      build_input_shape: input_shape,
    },
    registered_name: null,
    build_config: { input_shape },
    compile_config: {},
  });
}

function entry(class_name: string, config: Record<string, unknown>, module = 'keras.layers') {
  return { module, class_name, config, registered_name: null };
}

function headerOf(layer: LayerEntry): Omit<KerasLayer, 'weights'> {
  const { name, ...config } = layer.config;
  return { className: layer.class_name, name, config };
}

function fixedShape(value: unknown, place: string): readonly number[] {
  const shape = batchShape.safeParse(value);
  if (shape.success) return shape.data.slice(1) as number[];
  throw bad(
    `the input shape ${JSON.stringify(value)} is not fixed: every size but the batch must be given.`,
    place,
  );
}

/** Follows `inbound_nodes` from the input; refuses anything but one chain. */
function inChainOrder(layers: readonly LayerEntry[], place: string): LayerEntry[] {
  const bySource = new Map<string, LayerEntry>();
  for (const layer of layers) {
    const sources = sourcesIn(layer.inbound_nodes ?? []);
    const [source = ''] = sources;
    if (sources.length > 1 || bySource.has(source)) {
      throw bad(
        `layer "${layer.config.name}" branches or merges; only a plain chain of layers is read.`,
        place,
      );
    }
    bySource.set(source, layer);
  }
  const chain: LayerEntry[] = [];
  for (let next = bySource.get(''); next; next = bySource.get(next.config.name)) {
    bySource.delete(sourcesIn(next.inbound_nodes ?? [])[0] ?? '');
    chain.push(next);
  }
  if (chain.length === layers.length) return chain;
  throw bad(`only ${chain.length} of ${layers.length} layers hang on the input.`, place);
}

/**
 * Names of the layers whose outputs enter here: every `__keras_tensor__` under the node's arguments; in Keras 2 every
 * `[name, node, tensor, arguments]`.
 */
function sourcesIn(node: unknown): string[] {
  if (isKeras2Source(node)) return [node[0]];
  if (Array.isArray(node)) return node.flatMap(sourcesIn);
  if (typeof node !== 'object' || node === null) return [];
  const { class_name, config } = node as { class_name?: unknown; config?: { keras_history?: unknown } };
  if (class_name !== '__keras_tensor__') return Object.values(node).flatMap(sourcesIn);
  const history = config?.keras_history;
  return Array.isArray(history) ? [String(history[0])] : [];
}

function isKeras2Source(node: unknown): node is [string] {
  return (
    Array.isArray(node) &&
    typeof node[0] === 'string' &&
    Number.isInteger(node[1]) &&
    Number.isInteger(node[2])
  );
}

function parseJson(json: string, place: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw bad(`not JSON (${(cause as Error).message}).`, place, cause);
  }
}

function bad(detail: string, place: string, cause?: unknown): UndertoneError {
  return new UndertoneError('UT_INFERENCE_KERAS_CONFIG', detail, { place: `${place}, config.json`, cause });
}
