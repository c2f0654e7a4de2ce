import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Bundle,
  compileOnnx,
  type Float32Bundle,
  loadFloat32,
  MODEL_FILE,
} from '../../inference/index.js';
import { writeFileAtomically } from '../files.js';
import { type TfjsWeight, tfjsModelOf } from './tfjs-layers.js';

export type ExportFormat = keyof typeof EXPORT_FORMATS;

export interface ExportOptions {
  /** Folder of the bundle. */
  readonly bundle: string;
  readonly format: ExportFormat;
  /** The file to write; for `tfjs` a folder. */
  readonly out: string;
}

/** Size of a file of weights, as TensorFlow's own converter cuts them: browsers keep files of this size. */
const SHARD_BYTES = 4 * 2 ** 20;

/**
 * Writes a bundle's model in a format of others; what they need beside it (labels, front end) goes along as metadata
 * where the format has room for it.
 *
 * @returns the files written
 * @throws those of {@link loadFloat32}
 */
export async function exportModel({
  bundle: directory,
  format,
  out,
}: ExportOptions): Promise<readonly string[]> {
  const bundle = await loadFloat32(directory);
  const write = EXPORT_FORMATS[format];
  await mkdir(format === 'tfjs' ? out : dirname(out), { recursive: true });
  return write(bundle, await readFile(join(directory, MODEL_FILE)), out);
}

/** How each format is written. */
export const EXPORT_FORMATS = { keras: writeKeras, onnx: writeOnnx, tfjs: writeTfjs } as const;

async function writeKeras(_: Bundle, archive: Uint8Array, out: string): Promise<readonly string[]> {
  await writeFileAtomically(out, archive);
  return [out];
}

async function writeOnnx(bundle: Float32Bundle, _: Uint8Array, out: string): Promise<readonly string[]> {
  await writeFileAtomically(out, compileOnnx(bundle.network, metadataOf(bundle)));
  return [out];
}

/** What stands in an exported model, all of it text. */
function metadataOf(bundle: Bundle) {
  const { modelId, labels, outputs = labels, frontEnd, frontEndFingerprint, calibration, network } = bundle;
  const [height, width, channels] = network.architecture.inputShape;
  return {
    'undertone.model': modelId,
    'undertone.labels': JSON.stringify(outputs),
    'undertone.input': `float32 [1, ${height}, ${width}, ${channels}], channels last, made by the front end`,
    'undertone.frontEnd': JSON.stringify(frontEnd),
    'undertone.frontEndFingerprint': frontEndFingerprint,
    'undertone.temperature': String(calibration.temperature),
  };
}

/** A folder for `tf.loadLayersModel`: model.json, and the weights one after the other, cut into shards. */
async function writeTfjs(bundle: Float32Bundle, _: Uint8Array, out: string): Promise<readonly string[]> {
  const { layers, weights } = tfjsModelOf(bundle.model, bundle.network);
  const shards = shardsOf(weights);
  const paths = shards.map((_, i) => `group1-shard${i + 1}of${shards.length}.bin`);
  const topology = {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: { class_name: 'Sequential', config: { name: 'vgg16', layers } },
  };
  const json = {
    format: 'layers-model',
    generatedBy: 'keras v2.15.0',
    convertedBy: `undertone, ${bundle.modelId}`,
    modelTopology: topology,
    weightsManifest: [
      { paths, weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
    userDefinedMetadata: metadataOf(bundle),
  };
  for (const [i, shard] of shards.entries()) await writeFile(join(out, paths[i]!), shard);
  await writeFileAtomically(join(out, 'model.json'), `${JSON.stringify(json, null, 1)}\n`);
  return [...paths, 'model.json'].map((path) => join(out, path));
}

function shardsOf(weights: readonly TfjsWeight[]): Buffer[] {
  const all = Buffer.concat(
    weights.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  );
  const count = Math.max(1, Math.ceil(all.length / SHARD_BYTES));
  return Array.from({ length: count }, (_, i) => all.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES));
}
