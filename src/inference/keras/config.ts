import { z } from 'zod';
import { UndertoneError } from '../../errors.js';
import type { KerasLayer, KerasModel } from '../keras-model.js';

/** A model without its weights, as config.json describes it. */
export interface ModelHeader {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly Omit<KerasLayer, 'weights'>[];
}

const layerSchema = z.object({
  class_name: z.string(),
  config: z.looseObject({ name: z.string() }),
  inbound_nodes: z.array(z.unknown()).optional(),
});
type LayerEntry = z.output<typeof layerSchema>;

const modelSchema = z.object({
  class_name: z.enum(['Sequential', 'Functional']),
  config: z.object({
    name: z.string(),
    layers: z.array(layerSchema).min(1),
    build_input_shape: z.array(z.unknown()).nullish(),
  }),
});

/** [batch, frames, mels, channels]; any batch, nothing else open. */
const batchShape = z.tuple([z.unknown()], z.int().positive());

/**
 * Reads config.json of a Sequential or of a Functional model that is one chain of layers.
 *
 * @throws UT_INFERENCE_KERAS_CONFIG
 */
export function parseConfig(json: string, place: string): ModelHeader {
  const parsed = modelSchema.safeParse(parseJson(json, place));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw bad(`field ${issue?.path.join('.') || '(root)'}: ${issue?.message}.`, place);
  }
  const { class_name, config } = parsed.data;
  const entries = class_name === 'Functional' ? inChainOrder(config.layers, place) : config.layers;
  const input = entries.find((entry) => entry.class_name === 'InputLayer');
  return {
    name: config.name,
    inputShape: inputShapeOf(input?.config.batch_shape ?? config.build_input_shape, place),
    layers: entries.filter((entry) => entry !== input).map(headerOf),
  };
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

function inputShapeOf(value: unknown, place: string): readonly number[] {
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

/** Names of the layers whose outputs enter here: every `__keras_tensor__` under the node's arguments. */
function sourcesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(sourcesIn);
  if (typeof node !== 'object' || node === null) return [];
  const { class_name, config } = node as { class_name?: unknown; config?: { keras_history?: unknown } };
  if (class_name !== '__keras_tensor__') return Object.values(node).flatMap(sourcesIn);
  const history = config?.keras_history;
  return Array.isArray(history) ? [String(history[0])] : [];
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
