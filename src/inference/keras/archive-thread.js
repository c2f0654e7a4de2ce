// @ts-check
/**
 * Thread that packs or unpacks one `.keras` archive, or unpacks one HDF5 file of a whole model, and ends. HDF5 is C: a
 * damaged file can corrupt its memory for good or send it into a loop, so each file meets a library of its own, which
 * dies with the thread.
 *
 * JavaScript, not TypeScript, because a thread's first file must run as it stands, from the sources as from dist.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { unzipSync, zipSync } from 'fflate';
import h5wasm from 'h5wasm';
import { Failure, readArchiveWeights, readWholeModel } from './hdf5-weights.js';

/**
 * @import { ArchiveFailure, ArchiveReply, ArchiveRequest } from './archive-messages.js'
 */

const CONFIG = 'config.json';
const METADATA = 'metadata.json';
const WEIGHTS = 'model.weights.h5';
const FILE = '/model.weights.h5';
const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** The file system keeps the bytes it is given instead of a copy. */
const OWNED = /** @type {{ flags?: string }} */ ({ canOwn: true });
/** The earliest date a zip can hold. Archives carry no other, so that equal models are equal bytes. */
const NO_DATE = new Date(1980, 0, 1);

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
 * @param {ArchiveRequest & { kind: 'read' }} request
 * @param {NonNullable<typeof import('h5wasm').FS>} fs
 * @returns {ArchiveReply}
 */
function read(request, fs) {
  if (isHdf5(request.bytes)) {
    fs.writeFile(FILE, request.bytes, OWNED);
    return attempt('weights', () => ({
      kind: 'read',
      layout: 'whole-model',
      ...readWholeModel(FILE, request.maxBytes),
    }));
  }
  const files = attempt('archive', () => unzip(request.bytes, request.maxBytes));
  const config = attempt('archive', () =>
    new TextDecoder('utf-8', { fatal: true }).decode(fileIn(files, CONFIG)),
  );
  const weights = attempt('archive', () => fileIn(files, WEIGHTS));
  fs.writeFile(FILE, weights, OWNED);
  return attempt('weights', () => ({
    kind: 'read',
    layout: 'archive',
    config,
    weights: readArchiveWeights(FILE, request.maxBytes),
  }));
}

/** @param {Uint8Array} bytes */
function isHdf5(bytes) {
  return HDF5_SIGNATURE.every((byte, index) => bytes[index] === byte);
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
