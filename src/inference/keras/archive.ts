import { Worker } from 'node:worker_threads';
import { type ErrorCode, UndertoneError } from '../../errors.js';
import type { KerasLayer, KerasModel } from '../keras-model.js';
import type { ArchiveFailure, ArchiveReply, ArchiveRequest } from './archive-messages.js';
import { formatConfig, parseConfig } from './config.js';
import { elementsIn, type Shape, shapesOf } from './layers.js';
import { weightGroupsOf } from './naming.js';
import { layerWith } from './stored-weights.js';

/** Written into metadata.json: the Keras whose file format this is. */
const KERAS_VERSION = '3.15.1';
const THREAD = new URL('./archive-thread.js', import.meta.url);

export interface ArchiveLimits {
  /** Largest size of the unpacked archive. Default 1 GiB (VGG16 with its 4096-unit head is 553 MB). */
  readonly maxBytes?: number;
  /** After this the file is given up as damaged. Default 120 000 ms. */
  readonly timeoutMs?: number;
}

/**
 * Reads a Keras 3 archive, or the HDF5 file of a whole model that Keras 2 and 3 write as `.h5`, of a Sequential model
 * or of a Functional one that is a plain chain; models nested in it are flattened. Every layer is known and every
 * weight is there, finite and of the right shape when this resolves.
 *
 * @param place the file's name, for messages.
 * @throws UT_INFERENCE_KERAS_ARCHIVE, _KERAS_TOO_LARGE, _KERAS_CONFIG, _KERAS_UNSUPPORTED, _KERAS_WEIGHTS
 */
export async function readKerasFile(
  bytes: Uint8Array,
  place: string,
  limits: ArchiveLimits = {},
): Promise<KerasModel> {
  const { maxBytes = 2 ** 30, timeoutMs = 120_000 } = limits;
  const reply = await inThread({ kind: 'read', bytes, maxBytes }, timeoutMs);
  if (reply.kind === 'failed') throw new UndertoneError(CODES[reply.cause], reply.detail, { place });
  if (reply.kind !== 'read')
    throw new UndertoneError('UT_INTERNAL', `unexpected reply ${reply.kind}.`, { place });
  const header = parseConfig(reply.config, place);
  const layers = header.layers.map((layer) => layerWith(reply, layer));
  const model = { ...header, layers };
  checkWeights(model, place);
  return model;
}

/**
 * Writes the archive that `keras.models.load_model` opens as a Sequential model. Equal models give equal bytes.
 *
 * @throws UT_INFERENCE_KERAS_UNSUPPORTED, _KERAS_WEIGHTS where the model's own parts contradict each other.
 */
export async function writeKerasArchive(model: KerasModel): Promise<Uint8Array> {
  checkWeights(model, `model "${model.name}"`);
  const groups = weightGroupsOf(model.layers.map((layer) => layer.className));
  const reply = await inThread({
    kind: 'write',
    modelName: model.name,
    config: formatConfig(model),
    metadata: JSON.stringify({ keras_version: KERAS_VERSION }),
    weights: model.layers.map(({ name, weights }, i) => ({ group: groups[i]!, name, tensors: weights })),
  });
  if (reply.kind === 'written') return reply.bytes;
  const detail = reply.kind === 'failed' ? reply.detail : reply.kind;
  throw new UndertoneError('UT_INTERNAL', `writing model "${model.name}" failed: ${detail}.`);
}

const CODES: Readonly<Record<ArchiveFailure, ErrorCode>> = {
  archive: 'UT_INFERENCE_KERAS_ARCHIVE',
  weights: 'UT_INFERENCE_KERAS_WEIGHTS',
  size: 'UT_INFERENCE_KERAS_TOO_LARGE',
};

/** Walks the shapes from the input to the output and compares what each layer holds with what it needs. */
function checkWeights(model: KerasModel, place: string): void {
  let shape: Shape = model.inputShape;
  for (const layer of model.layers) {
    const { output, weights } = shapesOf(layer, shape, place);
    checkLayer(layer, weights, `${place}, layer "${layer.name}"`);
    shape = output;
  }
}

function checkLayer(layer: KerasLayer, needed: readonly Shape[], place: string): void {
  const found = layer.weights.map(({ shape }) => `[${shape}]`).join(' ');
  const wanted = needed.map((shape) => `[${shape}]`).join(' ');
  if (found !== wanted) {
    const detail = `${layer.className} needs weights ${wanted || 'none'}, found ${found || 'none'}.`;
    throw new UndertoneError('UT_INFERENCE_KERAS_WEIGHTS', detail, { place });
  }
  layer.weights.forEach(({ shape, data }, index) => {
    if (data.length === elementsIn(shape) && data.every(Number.isFinite)) return;
    const detail = `weight ${index} [${shape}] has ${data.length} values, or one that is not finite.`;
    throw new UndertoneError('UT_INFERENCE_KERAS_WEIGHTS', detail, { place });
  });
}

/** Runs one request in a thread of its own; a thread that dies or hangs is a damaged file. */
async function inThread(request: ArchiveRequest, timeoutMs?: number): Promise<ArchiveReply> {
  const worker = new Worker(THREAD, { workerData: request, execArgv: [], stdout: true, stderr: true });
  const gaveUp = (detail: string): ArchiveReply => ({ kind: 'failed', cause: 'weights', detail });
  let timer: NodeJS.Timeout | undefined;
  const reply = await new Promise<ArchiveReply>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', (error) => resolve(gaveUp(`HDF5 gave up (${error.message.split('\n')[0]}).`)));
    worker.once('exit', () => resolve(gaveUp('HDF5 gave up.')));
    if (timeoutMs)
      timer = setTimeout(() => resolve(gaveUp(`it kept HDF5 busy for ${timeoutMs} ms.`)), timeoutMs);
  });
  clearTimeout(timer);
  await worker.terminate();
  return reply;
}
