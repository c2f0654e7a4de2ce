import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../errors.js';
import { type FrontEnd, fingerprintOf, inputShapeOf } from '../features/index.js';
import { factsOf, readChecked, readOrExplain, writeWhole } from './bundle-files.js';
import { type BundleJson, FORMAT_VERSION, INT8_FILE, MODEL_FILE, parseBundleJson } from './bundle-json.js';
import { type Int8Vgg16, int8Network } from './int8/int8-network.js';
import { type ArchiveLimits, readKerasFile, writeKerasArchive } from './keras/archive.js';
import type { KerasModel } from './keras-model.js';
import { type Vgg16, vgg16Of } from './recognise-vgg16.js';
import type { Vgg16Architecture } from './vgg16.js';

const JSON_FILE = 'bundle.json';

/** A model with all that is needed to run it; hashes, fingerprint and shapes agree. */
export interface Bundle extends Omit<BundleJson, 'formatVersion' | 'files'> {
  /** `name@` and the first 12 hex digits of the SHA-256 of the file that is run: stands on every result. */
  readonly modelId: string;
  readonly network: Vgg16 | Int8Vgg16;
}

/** What a trainer knows; the rest of bundle.json follows from it. */
export interface NewBundle
  extends Pick<
    BundleJson,
    'name' | 'createdAt' | 'labels' | 'outputs' | 'frontEnd' | 'calibration' | 'thresholds' | 'training'
  > {
  readonly model: KerasModel;
  /** A build of the same network that shall be run. */
  readonly int8?: {
    readonly onnx: Uint8Array;
    /** Leave model.keras out; this command makes it again. */
    readonly withoutFloat32?: string;
  };
}

/**
 * Loads a bundle's folder, with the build that is to be run, and checks that its parts belong together.
 *
 * @throws UT_INFERENCE_BUNDLE_MISSING_FILE, _BUNDLE_JSON, _BUNDLE_VERSION, _BUNDLE_HASH, _BUNDLE_FINGERPRINT,
 *   _BUNDLE_MISMATCH, _NOT_VGG16 and those of {@link readKerasFile}
 */
export async function loadBundle(directory: string, limits: ArchiveLimits = {}): Promise<Bundle> {
  const folder = await readBundle(directory);
  const { json, files } = folder;
  if (json.optimized === undefined) return float32Of(directory, folder, limits);
  const { file } = json.optimized;
  const network = int8Network(files.get(file)!, json.architecture, join(directory, file));
  return bundleOf(directory, json, file, network);
}

/** A bundle by its float32 weights. */
export interface Float32Bundle extends Bundle {
  readonly network: Vgg16;
  /** The layers as they were trained. */
  readonly model: KerasModel;
}

/**
 * The float32 build of a bundle, whatever build of it is run otherwise.
 * @throws UT_INFERENCE_BUNDLE_MISSING_FILE where the bundle came without it, and those of {@link loadBundle}
 */
export async function loadFloat32(directory: string, limits: ArchiveLimits = {}): Promise<Float32Bundle> {
  return float32Of(directory, await readBundle(directory), limits);
}

async function float32Of(
  directory: string,
  { json, files }: BundleFolder,
  limits: ArchiveLimits,
): Promise<Float32Bundle> {
  const path = join(directory, MODEL_FILE);
  const archive = files.get(MODEL_FILE);
  if (archive === undefined) {
    const detail = `the bundle came without its float32 weights; \`${json.optimized?.from.rebuild}\` makes them.`;
    throw new UndertoneError('UT_INFERENCE_BUNDLE_MISSING_FILE', detail, { place: path });
  }
  const model = await readKerasFile(archive, path, limits);
  return { ...bundleOf(directory, json, MODEL_FILE, vgg16Of(model, path)), model };
}

function bundleOf<N extends Bundle['network']>(
  directory: string,
  json: BundleJson,
  file: string,
  network: N,
): Bundle & { readonly network: N } {
  checkShapes(json, network.architecture, join(directory, JSON_FILE));
  const { formatVersion: _, files, ...rest } = json;
  return { ...rest, modelId: modelIdOf(json.name, files[file]!), network };
}

interface BundleFolder {
  readonly json: BundleJson;
  /** Every listed file, checked. */
  readonly files: ReadonlyMap<string, Buffer>;
}

async function readBundle(directory: string): Promise<BundleFolder> {
  const place = join(directory, JSON_FILE);
  const json = parseBundleJson((await readOrExplain(place)).toString('utf8'), place);
  checkFingerprint(json, place);
  const files = new Map<string, Buffer>();
  for (const name of Object.keys(json.files)) files.set(name, await readChecked(directory, name, json));
  return { json, files };
}

/**
 * Writes the network's files, then bundle.json: a folder with a bundle.json is complete, also where it replaces another
 * bundle. A network of the other bundle is removed; other files there are left alone.
 *
 * @returns the modelId.
 * @throws UT_INFERENCE_NOT_VGG16, UT_INFERENCE_BUNDLE_MISMATCH, UT_INFERENCE_BUNDLE_JSON before anything is written.
 */
export async function writeBundle(directory: string, { model, int8, ...known }: NewBundle): Promise<string> {
  const { architecture } = vgg16Of(model, `model "${model.name}"`);
  const archive = await writeKerasArchive(model);
  const { sha256 } = factsOf(archive);
  const rebuild = int8?.withoutFloat32;
  const files = new Map<string, Uint8Array>();
  if (rebuild === undefined) files.set(MODEL_FILE, archive);
  if (int8) files.set(INT8_FILE, int8Network(int8.onnx, architecture, INT8_FILE).onnx);
  const place = join(directory, JSON_FILE);
  const json: BundleJson = {
    formatVersion: FORMAT_VERSION,
    ...known,
    frontEndFingerprint: fingerprintOf(known.frontEnd),
    architecture: mutable(architecture),
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, factsOf(bytes)])),
    ...(int8 && {
      optimized: {
        kind: 'int8',
        file: INT8_FILE,
        from: { sha256, ...(rebuild !== undefined && { rebuild }) },
      },
    }),
  };
  const text = `${JSON.stringify(json, null, 2)}\n`;
  checkShapes(parseBundleJson(text, place), architecture, place);
  await replaceFiles(directory, files, text);
  return modelIdOf(known.name, json.files[int8 ? INT8_FILE : MODEL_FILE]!);
}

async function replaceFiles(
  directory: string,
  files: ReadonlyMap<string, Uint8Array>,
  json: string,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const old = [JSON_FILE, MODEL_FILE, INT8_FILE].filter((name) => !files.has(name));
  for (const name of old) await rm(join(directory, name), { force: true });
  for (const [name, bytes] of files) await writeWhole(join(directory, name), bytes);
  await writeWhole(join(directory, JSON_FILE), json);
}

function mutable({ inputShape, filters, head, ...rest }: Vgg16Architecture): BundleJson['architecture'] {
  const dense = [...head.dense];
  return { ...rest, inputShape: [...inputShape], filters: [...filters], head: { ...head, dense } };
}

function modelIdOf(name: string, { sha256 }: { readonly sha256: string }): string {
  return `${name}@${sha256.slice(0, 12)}`;
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
  const { length } = json.outputs ?? json.labels;
  if (model.classes !== length)
    throw mismatch(`the model has ${model.classes} outputs, there are ${length} labels for them.`, place);
  const stated = comparable(json.architecture);
  const found = comparable(model);
  if (stated !== found) throw mismatch(`architecture says ${stated}, the model is ${found}.`, place);
}

/** An architecture in the numbers that can be read off a model. */
function comparable({ inputShape, filters, batchNorm, head, classes }: Vgg16Architecture): string {
  const { pooling, dense } = head;
  return JSON.stringify({ inputShape, filters, batchNorm, pooling, dense, classes });
}

function mismatch(detail: string, place: string): UndertoneError {
  return new UndertoneError('UT_INFERENCE_BUNDLE_MISMATCH', detail, { place });
}
