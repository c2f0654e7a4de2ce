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

const nodeIsTooNew = () => Number(process.versions.node.split('.')[0]) >= FIRST_BROKEN_NODE;

/**
 * Loads the optional peer @tensorflow/tfjs-node: from where npm resolves it, else from `.cache/tfjs`, where
 * `node scripts/install-tfjs.mjs` puts it.
 * @throws UT_INFERENCE_NO_TFJS
 */
export async function loadTfjs(): Promise<Tf> {
  if (nodeIsTooNew()) {
    throw new UndertoneError(
      'UT_INFERENCE_NO_TFJS',
      `${PACKAGE} does not run on Node ${process.versions.node}; use Node 20 or 22.`,
    );
  }
  // Read once, when libtensorflow is loaded. oneDNN halves a training step; it is off by default on some processors.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  let failure = new UndertoneError('UT_INFERENCE_NO_TFJS', `${PACKAGE} is not installed.`);
  for (const place of packageFolders()) {
    try {
      return createRequire(import.meta.url)(place) as Tf;
    } catch (cause) {
      const detail = `${PACKAGE} does not load: ${String(cause)}`;
      failure = new UndertoneError('UT_INFERENCE_NO_TFJS', detail, { place, cause });
    }
  }
  throw failure;
}

/** Whether there is a package that {@link loadTfjs} can load here: with its compiled binding, on a Node that runs it. */
export function tfjsIsInstalled(): boolean {
  return !nodeIsTooNew() && packageFolders().some((folder) => existsSync(join(folder, BINDING)));
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
