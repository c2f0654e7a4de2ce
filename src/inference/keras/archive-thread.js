// @ts-check
/**
 * Thread that packs or unpacks one `.keras` archive and ends. HDF5 is C: a damaged file can corrupt its memory for
 * good or send it into a loop, so each archive meets a library of its own, which dies with the thread.
 *
 * JavaScript, not TypeScript, because a thread's first file must run as it stands, from the sources as from dist.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { unzipSync, zipSync } from 'fflate';
import h5wasm from 'h5wasm';

/**
 * @import { ArchiveFailure, ArchiveReply, ArchiveRequest } from './archive-messages.js'
 * @import { Tensor } from '../keras-model.js'
 */

const CONFIG = 'config.json';
const METADATA = 'metadata.json';
const WEIGHTS = 'model.weights.h5';
const FILE = '/model.weights.h5';
/** The earliest date a zip can hold. Archives carry no other, so that equal models are equal bytes. */
const NO_DATE = new Date(1980, 0, 1);

class Failure extends Error {
  /**
   * @param {ArchiveFailure} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/**
 * @template T
 * @param {ArchiveFailure} kind
 * @param {() => T} work
 */
function attempt(kind, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(kind, String(error instanceof Error ? error.message : error).split('\n')[0] ?? '');
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} maxBytes
 */
function unzip(bytes, maxBytes) {
  let total = 0;
  return unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name !== CONFIG && name !== WEIGHTS) return false;
      total += originalSize;
      if (total > maxBytes)
        throw new Failure('size', `it unpacks to more than the limit of ${maxBytes} bytes.`);
      return true;
    },
  });
}

/**
 * @param {Record<string, Uint8Array>} files
 * @param {string} name
 */
function fileIn(files, name) {
  const file = files[name];
  if (!file) throw new Failure('archive', `there is no ${name} in it.`);
  return file;
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
 * @param {InstanceType<typeof h5wasm.Group>} vars
 * @param {string} index
 * @param {string} path
 * @param {number} maxElements
 * @returns {Tensor}
 */
function tensorIn(vars, index, path, maxElements) {
  const dataset = vars.get(index);
  if (!(dataset instanceof h5wasm.Dataset)) throw new Failure('weights', `${path} is not a dataset.`);
  const shape = dataset.shape ?? [];
  if (shape.reduce((product, n) => product * n, 1) > maxElements) {
    throw new Failure('size', `${path} [${shape}] is larger than the limit.`);
  }
  const data = dataset.value;
  if (data instanceof Float32Array) return { shape, data: new Float32Array(data) };
  throw new Failure('weights', `${path} holds ${JSON.stringify(dataset.dtype)}, not 32-bit floats.`);
}

/**
 * @param {string} path
 * @param {number} maxBytes
 */
function readWeights(path, maxBytes) {
  const file = new h5wasm.File(path, 'r');
  /** @type {Map<string, Tensor>} */
  const weights = new Map();
  let left = maxBytes / Float32Array.BYTES_PER_ELEMENT;
  const layers = groupIn(file, 'layers');
  if (!layers) throw new Failure('weights', 'there is no group "layers".');
  for (const group of layers.keys()) {
    const layer = groupIn(layers, group);
    const vars = layer && groupIn(layer, 'vars');
    for (const index of vars?.keys() ?? []) {
      const tensor = tensorIn(
        /** @type {NonNullable<typeof vars>} */ (vars),
        index,
        `${group}/${index}`,
        left,
      );
      left -= tensor.data.length;
      weights.set(`${group}/${index}`, tensor);
    }
  }
  file.close();
  return weights;
}

/**
 * @param {ArchiveRequest & { kind: 'read' }} request
 * @param {typeof import('h5wasm').FS} fs
 * @returns {ArchiveReply}
 */
function read(request, fs) {
  const files = attempt('archive', () => unzip(request.bytes, request.maxBytes));
  const config = attempt('archive', () =>
    new TextDecoder('utf-8', { fatal: true }).decode(fileIn(files, CONFIG)),
  );
  const weights = attempt('archive', () => fileIn(files, WEIGHTS));
  return attempt('weights', () => {
    fs?.writeFile(FILE, weights);
    return { kind: 'read', config, weights: readWeights(FILE, request.maxBytes) };
  });
}

/**
 * @param {ArchiveRequest & { kind: 'write' }} request
 * @param {NonNullable<typeof import('h5wasm').FS>} fs
 * @returns {ArchiveReply}
 */
function write(request, fs) {
  // HDF5 stamps every dataset with the time; this thread has no other use for the clock.
  Date.now = () => NO_DATE.getTime();
  const file = new h5wasm.File(FILE, 'w');
  file.create_group('vars').create_attribute('name', request.modelName);
  const layers = file.create_group('layers');
  for (const { group, name, tensors } of request.weights) {
    const vars = layers.create_group(group).create_group('vars');
    vars.create_attribute('name', name);
    tensors.forEach(({ shape, data }, index) => {
      vars.create_dataset({ name: String(index), data, shape: [...shape] });
    });
  }
  file.close();
  const text = new TextEncoder();
  const files = {
    [METADATA]: text.encode(request.metadata),
    [CONFIG]: text.encode(request.config),
    [WEIGHTS]: fs.readFile(FILE),
  };
  return { kind: 'written', bytes: zipSync(files, { level: 0, mtime: NO_DATE }) };
}

/**
 * What can be handed over instead of copied.
 *
 * @param {ArchiveReply} reply
 */
function buffersOf(reply) {
  if (reply.kind !== 'read') return [];
  return [...reply.weights.values()].map(({ data }) => /** @type {ArrayBuffer} */ (data.buffer));
}

/** @returns {Promise<ArchiveReply>} */
async function answer() {
  const request = /** @type {ArchiveRequest} */ (workerData);
  const { FS, activate_throwing_error_handler } = await h5wasm.ready;
  activate_throwing_error_handler();
  try {
    return request.kind === 'read' ? read(request, FS) : write(request, FS);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: 'failed', cause: error.kind, detail: error.message };
  }
}

const reply = await answer();
parentPort?.postMessage(reply, buffersOf(reply));
