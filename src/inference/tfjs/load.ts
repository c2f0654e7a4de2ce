import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UndertoneError } from '../../errors.js';

export type Tf = typeof import('@tensorflow/tfjs-core');
export type TfTensor = import('@tensorflow/tfjs-core').Tensor;
export type Tensor4D = import('@tensorflow/tfjs-core').Tensor4D;
export type Tensor2D = import('@tensorflow/tfjs-core').Tensor2D;
export type Scalar = import('@tensorflow/tfjs-core').Scalar;
export type Tensor1D = import('@tensorflow/tfjs-core').Tensor1D;
export type Variable = import('@tensorflow/tfjs-core').Variable;

const PACKAGE = '@tensorflow/tfjs-node';
/** What `npm ci --ignore-scripts` does not bring: the package without it can be found, but not loaded. */
const BINDING = join('lib', 'napi-v8', 'tfjs_binding.node');
/** First Node on which tfjs-node 4.22 fails: it calls util.isNullOrUndefined. */
const FIRST_BROKEN_NODE = 23;

const isTooNew = (node: string) => Number(node.split('.')[0]) >= FIRST_BROKEN_NODE;

/**
 * Loads the optional peer @tensorflow/tfjs-node: from where npm resolves it, else from `.cache/tfjs`, where
 * `node scripts/install-tfjs.mjs` puts it.
 * @throws UT_INFERENCE_NO_TFJS
 */
export async function loadTfjs(): Promise<Tf> {
  const place = findTfjs();
  setUpTensorFlow();
  try {
    return createRequire(import.meta.url)(place) as Tf;
  } catch (cause) {
    const detail = `${PACKAGE} does not load: ${String(cause)}`;
    throw new UndertoneError('UT_INFERENCE_NO_TFJS', detail, { place, cause });
  }
}

/**
 * Folder of a package that {@link loadTfjs}, or a thread, can load here.
 * @param node version of Node that is to run it
 * @param folders where it may lie, the best place first
 * @throws UT_INFERENCE_NO_TFJS where there is none with its compiled binding, or this Node can't run it
 */
export function findTfjs(node: string = process.versions.node, folders = packageFolders()): string {
  if (isTooNew(node)) {
    const detail = `${PACKAGE} does not run on Node ${node}; use Node 20 or 22.`;
    throw new UndertoneError('UT_INFERENCE_NO_TFJS', detail);
  }
  const found = folders.find(hasBinding);
  if (found === undefined) throw new UndertoneError('UT_INFERENCE_NO_TFJS', `${PACKAGE} is not installed.`);
  return found;
}

/** Whether {@link findTfjs} finds one. */
export function tfjsIsInstalled(): boolean {
  return !isTooNew(process.versions.node) && packageFolders().some(hasBinding);
}

/**
 * What TensorFlow reads when its library is loaded: once for the whole process, and from the real environment, of which
 * a worker thread has only a copy. What is set already stays.
 */
export function setUpTensorFlow(settings: Readonly<Record<string, string>> = {}): void {
  // oneDNN halves a training step; it is off by default on some processors.
  const wanted = { TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '2', ...settings };
  for (const [name, value] of Object.entries(wanted)) process.env[name] ??= value;
}

function hasBinding(folder: string): boolean {
  return existsSync(join(folder, BINDING));
}

function packageFolders(): string[] {
  const folders = [resolvedTfjs(), cachedTfjs(dirname(fileURLToPath(import.meta.url)))];
  return folders.filter((folder) => folder !== undefined);
}

function resolvedTfjs(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  } catch {
    return undefined;
  }
}

/** Looks for `.cache/tfjs` in each folder above this file: the sources and the build lie at different depths. */
function cachedTfjs(folder: string): string | undefined {
  const candidate = join(folder, '.cache', 'tfjs', 'node_modules', PACKAGE);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : cachedTfjs(parent);
}
