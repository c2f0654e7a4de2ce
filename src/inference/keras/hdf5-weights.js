// @ts-check
/**
 * Reads the weights out of an HDF5 file: of `model.weights.h5` in an archive, or of a whole-model file as Keras 2
 * wrote it. Runs in the archive's thread only.
 */
import h5wasm from 'h5wasm';

/**
 * @import { ArchiveFailure } from './archive-messages.js'
 * @import { Tensor } from '../keras-model.js'
 */

/** What Keras calls the weights that a layer computes with; the others (seeds, counters) are not read. */
const WEIGHT = /^(kernel|bias|gamma|beta|moving_mean|moving_variance|mean|variance)(:0)?$/;
/** Keras 2.12 called the group of layers otherwise (keras/src/saving/saving_lib.py, `H5IOStore`). */
const LAYERS = ['layers', '_layer_checkpoint_dependencies'];

export class Failure extends Error {
  /**
   * @param {ArchiveFailure} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** Weights read so far, and how many values more may be. */
class Harvest {
  /** @type {Map<string, Tensor>} */
  weights = new Map();

  /** @param {number} maxBytes */
  constructor(maxBytes) {
    this.left = maxBytes / Float32Array.BYTES_PER_ELEMENT;
  }

  /**
   * @param {string} path
   * @param {InstanceType<typeof h5wasm.Group>} group
   * @param {string} name
   */
  take(path, group, name) {
    const tensor = tensorIn(group, name, path, this.left);
    this.left -= tensor.data.length;
    this.weights.set(path, tensor);
  }
}

/**
 * Weights of model.weights.h5 by `<group>/<index>`; the group of a layer in a nested model is `outer/layers/inner`.
 *
 * @param {string} path
 * @param {number} maxBytes
 */
export function readArchiveWeights(path, maxBytes) {
  const file = new h5wasm.File(path, 'r');
  const harvest = new Harvest(maxBytes);
  const layers = layersIn(file);
  if (!layers) throw new Failure('weights', 'there is no group "layers".');
  harvestLayers(layers, '', harvest);
  file.close();
  return harvest.weights;
}

/**
 * `model_config` and the weights of a whole-model file by `<layer>/…/<weight>`, without TensorFlow's `:0`.
 *
 * @param {string} path
 * @param {number} maxBytes
 */
export function readWholeModel(path, maxBytes) {
  const file = new h5wasm.File(path, 'r');
  const config = file.attrs.model_config?.value;
  const group = groupIn(file, 'model_weights');
  if (typeof config !== 'string' || !group) {
    const detail =
      'it holds no model_config: weights alone (save_weights) do not say what they belong to; use model.save().';
    throw new Failure('archive', detail);
  }
  const harvest = new Harvest(maxBytes);
  harvestNamed(group, '', harvest);
  file.close();
  return { config, weights: harvest.weights };
}

/**
 * @param {InstanceType<typeof h5wasm.Group>} layers
 * @param {string} prefix
 * @param {Harvest} harvest
 */
function harvestLayers(layers, prefix, harvest) {
  for (const name of layers.keys()) {
    const layer = groupIn(layers, name);
    if (!layer) continue;
    const vars = groupIn(layer, 'vars');
    for (const index of vars?.keys() ?? []) {
      const group = /** @type {NonNullable<typeof vars>} */ (vars);
      if (!isScalar(group, index)) harvest.take(`${prefix}${name}/${index}`, group, index);
    }
    const nested = layersIn(layer);
    if (nested) harvestLayers(nested, `${prefix}${name}/layers/`, harvest);
  }
}

/**
 * @param {InstanceType<typeof h5wasm.Group>} group
 * @param {string} prefix
 * @param {Harvest} harvest
 */
function harvestNamed(group, prefix, harvest) {
  for (const name of group.keys()) {
    const child = groupIn(group, name);
    if (child) harvestNamed(child, `${prefix}${name}/`, harvest);
    else if (WEIGHT.test(name)) harvest.take(`${prefix}${name.replace(/:0$/, '')}`, group, name);
  }
}

/** @param {InstanceType<typeof h5wasm.Group>} parent */
function layersIn(parent) {
  const name = LAYERS.find((candidate) => parent.keys().includes(candidate));
  return name === undefined ? undefined : groupIn(parent, name);
}

/**
 * @param {InstanceType<typeof h5wasm.Group>} parent
 * @param {string} name
 */
function groupIn(parent, name) {
  const child = parent.keys().includes(name) ? parent.get(name) : undefined;
  return child instanceof h5wasm.Group ? child : undefined;
}

/**
 * A number on its own is a counter (of batches seen, say), never a weight.
 *
 * @param {InstanceType<typeof h5wasm.Group>} group
 * @param {string} name
 */
function isScalar(group, name) {
  const dataset = group.get(name);
  return dataset instanceof h5wasm.Dataset && dataset.shape?.length === 0;
}

/**
 * @param {InstanceType<typeof h5wasm.Group>} group
 * @param {string} name
 * @param {string} path
 * @param {number} maxElements
 * @returns {Tensor}
 */
function tensorIn(group, name, path, maxElements) {
  const dataset = group.get(name);
  if (!(dataset instanceof h5wasm.Dataset)) throw new Failure('weights', `${path} is not a dataset.`);
  const shape = dataset.shape ?? [];
  if (shape.reduce((product, n) => product * n, 1) > maxElements) {
    throw new Failure('size', `${path} [${shape}] is larger than the limit.`);
  }
  const data = dataset.value;
  if (data instanceof Float32Array) return { shape, data: new Float32Array(data) };
  throw new Failure('weights', `${path} holds ${JSON.stringify(dataset.dtype)}, not 32-bit floats.`);
}
