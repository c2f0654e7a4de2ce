import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { type FrontEnd, fingerprintOf } from '../../features/index.js';
import {
  type KerasModel,
  readKerasFile,
  type Vgg16Architecture,
  vgg16Of,
  writeBundle,
} from '../../inference/index.js';
import { bundleLabels } from '../bundle-labels.js';
import { type CheckResult, checkModel, DEFAULT_TOLERANCES, type Tolerances } from './check-model.js';
import { readExpectations } from './expectations.js';
import { outputLabelsOf, outputNamesOf } from './labels.js';
import { type FrontEndSettings, notebookFrontEnd } from './notebook-front-end.js';

export interface ImportOptions {
  /** The `.keras` or `.h5` file. */
  readonly file: string;
  /** Folder of the bundle. */
  readonly bundle: string;
  readonly name: string;
  /** What the model's maker calls its outputs, in their order. */
  readonly labels: readonly string[];
  readonly frontEnd: FrontEndSettings;
  /** Where the front end was read, for messages. */
  readonly frontEndPlace: string;
  readonly windowSeconds?: number;
  /** The model ends without softmax: one is put behind it. */
  readonly logits?: boolean;
  /** Folder with answers to compare with. */
  readonly check?: string;
  readonly tolerances?: Partial<Tolerances>;
}

export interface ImportSummary {
  readonly modelId: string;
  readonly architecture: Vgg16Architecture;
  /** Names of the outputs, in their order; `calm` counts as neutral, `excitement` as happy. */
  readonly labels: readonly string[];
  readonly frontEnd: FrontEnd;
  readonly fingerprint: string;
  readonly checks: readonly CheckResult[];
}

/** Most bytes of a file with an optimiser's state: three times VGG16 with its head of 4096 units. */
const MAX_BYTES = 4 * 2 ** 30;
const TIMEOUT_MS = 600_000;
/** Until somebody calibrates the model: its outputs as they are, and `uncertain` where no label reaches half. */
const UNCALIBRATED = { calibration: { temperature: 1 }, thresholds: { uncertain: 0.5 } };

/**
 * Makes a bundle of a VGG16 that was trained elsewhere. Where answers to compare with are given, the bundle is written only
 * if the model gives them.
 *
 * @throws UT_TRAINING_BAD_OPTIONS, UT_TRAINING_BAD_CHECK, UT_TRAINING_IMPORT_DIFFERS, UT_FEATURES_BAD_FRONT_END and those of
 *   {@link readKerasFile}, {@link vgg16Of} and {@link writeBundle}
 */
export async function importModel(options: ImportOptions): Promise<ImportSummary> {
  const bytes = await readModelFile(options.file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read = await readKerasFile(bytes, options.file, { maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS });
  const model = options.logits ? withSoftmax(read) : read;
  const network = vgg16Of(model, options.file);
  const outputs = outputNamesOf(options.labels, '--labels');
  const { frontEnd: settings, frontEndPlace, windowSeconds } = options;
  const frontEnd = notebookFrontEnd(settings, network.architecture.inputShape, windowSeconds, frontEndPlace);
  checkLabelCount(outputs, network.architecture);
  const checks = await checksOf(options, {
    network,
    labels: outputs,
    frontEnd,
    logits: options.logits ?? false,
  });
  const modelId = await writeBundle(options.bundle, {
    name: options.name,
    createdAt: new Date().toISOString(),
    ...bundleLabels(outputLabelsOf(outputs)),
    frontEnd,
    ...UNCALIBRATED,
    model,
    training: { importedFrom: basename(options.file), sha256, labels: options.labels, checks },
  });
  const { architecture } = network;
  return { modelId, architecture, labels: outputs, frontEnd, fingerprint: fingerprintOf(frontEnd), checks };
}

async function readModelFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const detail = `The model cannot be read: ${(cause as Error).message}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: path, cause });
  }
}

function withSoftmax(model: KerasModel): KerasModel {
  const softmax = { className: 'Softmax', name: 'probabilities', config: { axis: -1 }, weights: [] };
  return { ...model, layers: [...model.layers, softmax] };
}

function checkLabelCount(labels: readonly string[], { classes }: Vgg16Architecture): void {
  if (labels.length === classes) return;
  const detail = `The model has ${classes} outputs, ${labels.length} labels are given.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--labels' });
}

async function checksOf(
  { check, labels, tolerances }: ImportOptions,
  model: Parameters<typeof checkModel>[0],
): Promise<CheckResult[]> {
  if (check === undefined) return [];
  return checkModel(model, await readExpectations(check, labels), { ...DEFAULT_TOLERANCES, ...tolerances });
}
