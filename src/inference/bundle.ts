import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../errors.js';
import { type FrontEnd, fingerprintOf, inputShapeOf } from '../features/index.js';
import { type BundleJson, FORMAT_VERSION, parseBundleJson } from './bundle-json.js';
import { type ArchiveLimits, readKerasFile, writeKerasArchive } from './keras/archive.js';
import type { KerasModel } from './keras-model.js';
import { type Vgg16, vgg16Of } from './recognise-vgg16.js';
import { filtersAt, VGG16_BLOCKS, type Vgg16Architecture } from './vgg16.js';

const MODEL = 'model.keras';
const JSON_FILE = 'bundle.json';

/** A model with all that is needed to run it; hashes, fingerprint and shapes agree. */
export interface Bundle extends Omit<BundleJson, 'formatVersion' | 'files'> {
  /** `name@` and the first 12 hex digits of the SHA-256 of model.keras: stands on every result. */
  readonly modelId: string;
  readonly network: Vgg16;
}

/** What a trainer knows; the rest of bundle.json follows from it. */
export interface NewBundle
  extends Pick<
    BundleJson,
    'name' | 'createdAt' | 'labels' | 'frontEnd' | 'calibration' | 'thresholds' | 'training'
  > {
  readonly model: KerasModel;
}

/**
 * Loads a bundle's folder and checks that its parts belong together.
 *
 * @throws UT_INFERENCE_BUNDLE_MISSING_FILE, _BUNDLE_JSON, _BUNDLE_VERSION, _BUNDLE_HASH, _BUNDLE_FINGERPRINT,
 *   _BUNDLE_MISMATCH, _NOT_VGG16 and those of {@link readKerasFile}
 */
export async function loadBundle(directory: string, limits: ArchiveLimits = {}): Promise<Bundle> {
  const place = join(directory, JSON_FILE);
  const json = parseBundleJson((await readOrExplain(place)).toString('utf8'), place);
  checkFingerprint(json, place);
  const others = Object.keys(json.files).filter((name) => name !== MODEL);
  for (const name of others) await readChecked(directory, name, json);
  const modelPath = join(directory, MODEL);
  const archive = await readChecked(directory, MODEL, json);
  const network = vgg16Of(await readKerasFile(archive, modelPath, limits), modelPath);
  checkShapes(json, network.architecture, place);
  const { formatVersion: _, files, ...rest } = json;
  return { ...rest, modelId: modelIdOf(json.name, files[MODEL]!.sha256), network };
}

/**
 * Writes model.keras, then bundle.json: a folder with a bundle.json is complete, also where it replaces another bundle.
 * Other files there are left alone.
 *
 * @returns the modelId.
 * @throws UT_INFERENCE_NOT_VGG16, UT_INFERENCE_BUNDLE_MISMATCH, UT_INFERENCE_BUNDLE_JSON before anything is written.
 */
export async function writeBundle(directory: string, { model, ...known }: NewBundle): Promise<string> {
  const { architecture } = vgg16Of(model, `model "${model.name}"`);
  const bytes = await writeKerasArchive(model);
  const file = { sha256: sha256Of(bytes), bytes: bytes.length };
  const place = join(directory, JSON_FILE);
  const json: BundleJson = {
    formatVersion: FORMAT_VERSION,
    ...known,
    frontEndFingerprint: fingerprintOf(known.frontEnd),
    architecture: { ...architecture, inputShape: [...architecture.inputShape], head: headOf(architecture) },
    files: { [MODEL]: file },
  };
  const text = `${JSON.stringify(json, null, 2)}\n`;
  checkShapes(parseBundleJson(text, place), architecture, place);
  await mkdir(directory, { recursive: true });
  await rm(place, { force: true });
  await writeWhole(join(directory, MODEL), bytes);
  await writeWhole(place, text);
  return modelIdOf(known.name, file.sha256);
}

function headOf({ head }: Vgg16Architecture): BundleJson['architecture']['head'] {
  return { ...head, dense: [...head.dense] };
}

function modelIdOf(name: string, sha256: string): string {
  return `${name}@${sha256.slice(0, 12)}`;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Readers see the old file or the new one, never a half. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

async function readOrExplain(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw missing(path, cause);
  }
}

/** A file's bytes, once they are those that bundle.json was written for. */
async function readChecked(directory: string, name: string, json: BundleJson): Promise<Buffer> {
  const path = join(directory, name);
  const { bytes, sha256 } = json.files[name]!;
  const { size } = await stat(path).catch((cause) => {
    throw missing(path, cause);
  });
  if (size !== bytes) throw altered(`it has ${size} bytes, bundle.json says ${bytes}.`, path);
  const content = await readOrExplain(path);
  const found = sha256Of(content);
  if (found !== sha256) throw altered(`its SHA-256 is ${found}, bundle.json says ${sha256}.`, path);
  return content;
}

function checkFingerprint({ frontEnd, frontEndFingerprint }: BundleJson, place: string): void {
  const found = fingerprintOf(frontEnd satisfies FrontEnd);
  if (found === frontEndFingerprint) return;
  const detail = `frontEnd has the fingerprint ${found}, frontEndFingerprint says ${frontEndFingerprint}.`;
  throw new UndertoneError('UT_INFERENCE_BUNDLE_FINGERPRINT', detail, { place });
}

/** The model as it is against the front end, the labels and the architecture that bundle.json states. */
function checkShapes(json: BundleJson, model: Vgg16Architecture, place: string): void {
  const taken = model.inputShape.join('×');
  const given = inputShapeOf(json.frontEnd).join('×');
  if (taken !== given)
    throw mismatch(`the model takes ${taken} (frames × mels × planes), the front end gives ${given}.`, place);
  if (model.classes !== json.labels.length) {
    throw mismatch(`the model has ${model.classes} outputs, there are ${json.labels.length} labels.`, place);
  }
  const stated = comparable(json.architecture);
  const found = comparable(model);
  if (stated !== found) throw mismatch(`architecture says ${stated}, the model is ${found}.`, place);
}

/** An architecture in the numbers that can be read off a model: filters instead of the width they come from. */
function comparable({ width, ...rest }: Vgg16Architecture): string {
  const filters = VGG16_BLOCKS.map((block) => filtersAt(width, block.filters));
  const { inputShape, batchNorm, head, classes } = rest;
  return JSON.stringify({
    inputShape,
    filters,
    batchNorm,
    pooling: head.pooling,
    dense: head.dense,
    classes,
  });
}

function missing(place: string, cause: unknown): UndertoneError {
  const detail = `it cannot be read (${(cause as Error).message}).`;
  return new UndertoneError('UT_INFERENCE_BUNDLE_MISSING_FILE', detail, { place, cause });
}

function altered(detail: string, place: string): UndertoneError {
  return new UndertoneError('UT_INFERENCE_BUNDLE_HASH', detail, { place });
}

function mismatch(detail: string, place: string): UndertoneError {
  return new UndertoneError('UT_INFERENCE_BUNDLE_MISMATCH', detail, { place });
}
