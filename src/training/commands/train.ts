import { access, constants, mkdir } from 'node:fs/promises';
import { UndertoneError } from '../../errors.js';
import { type FrontEnd, inputShapeOf } from '../../features/index.js';
import { BUNDLE_NAME, type NewBundle, writeBundle } from '../../inference/index.js';
import { bundleLabels } from '../bundle-labels.js';
import { type Dataset, duplicateNotes, openDataset } from '../data/dataset.js';
import type { Calibration } from '../evaluate/calibration.js';
import { calibrateNetwork } from '../fit/calibrate-network.js';
import type { PriorModels } from '../fit/prior-models.js';
import { type RunListener, type RunState, trainInFolder } from '../fit/run.js';
import type { TrainingSettings } from '../fit/settings.js';
import type { Precision } from '../network/kernels.js';
import { fastestPrecision } from '../network/precision.js';
import { type Fold, outputsOf, type ProtocolName, protocolOf } from '../protocols.js';
import type { TrainingRecipe } from '../recipes.js';
import { PARTS } from '../split.js';
import { removeResults } from './evaluate.js';

export interface TrainOptions {
  /** Directories written by `undertone prepare`. */
  readonly data: readonly string[];
  readonly protocol: ProtocolName;
  /** Which of the protocol's folds. Needed where there are several. */
  readonly fold?: string;
  /** Folder for checkpoints and the log; an unfinished run in it goes on. */
  readonly run: string;
  /** Folder of the bundle to write. */
  readonly bundle: string;
  /** Name in the bundle and on every result. */
  readonly name: string;
  /** Network and settings. The protocol's quota takes the place of the recipe's, where it has one. */
  readonly recipe: TrainingRecipe;
  /** Models that the training builds on. Default: none. */
  readonly prior?: PriorModels;
  /** Default: what this machine's processor does fastest. */
  readonly precision?: Precision;
  /** No further epoch is begun after so long; the bundle then holds the best epoch so far, and the run can go on. */
  readonly maxMinutes?: number;
  /** Share of confident windows that shall be right; sets the bundle's `uncertain` threshold. Default 0.75. */
  readonly wantedPrecision?: number;
  /** For a model that has no validation speakers: what the folds of the same recipe were calibrated by. */
  readonly calibration?: Calibration;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
  /** Ends the training between two steps, with UT_TRAINING_INTERRUPTED. */
  readonly signal?: AbortSignal;
  readonly listener?: RunListener;
  /** Told, before training begins, of what is odd and can be lived with. */
  readonly onWarning?: (text: string) => void;
}

export interface TrainSummary {
  readonly modelId: string;
  readonly epochs: number;
  readonly bestEpoch: number;
  /** False where the time was over first. */
  readonly finished: boolean;
  /** `null` where the protocol leaves nobody to calibrate with. */
  readonly calibration: Calibration | null;
}

const SILENT: RunListener = { onStep() {}, onEpoch() {} };

/**
 * Trains a VGG16 by a protocol and writes the bundle of its best epoch. What was written of an older bundle in the same
 * folder, its card included, is removed then.
 * @throws UT_INFERENCE_NO_TFJS, UT_TRAINING_BAD_DATA, UT_TRAINING_BAD_OPTIONS, UT_TRAINING_BAD_CHECKPOINT
 */
export async function trainBundle(options: TrainOptions): Promise<TrainSummary> {
  await checkTarget(options);
  const dataset = await openDataset(options.data);
  const frontEnd = frontEndOf(options, dataset);
  const settings = settingsOf(options, frontEnd);
  for (const note of duplicateNotes(dataset)) options.onWarning?.(note);
  const state = await trainInFolder({
    folder: options.run,
    dataset,
    protocol: options.protocol,
    fold: foldOf(options),
    frontEnd,
    settings,
    ...(options.prior === undefined ? {} : { prior: options.prior }),
    maxSeconds: (options.maxMinutes ?? Infinity) * 60,
    now: options.now ?? Date.now,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    listener: options.listener ?? SILENT,
  });
  const { trainer } = state;
  try {
    trainer.network.write(trainer.best);
    const own = calibrateNetwork(trainer, options.wantedPrecision ?? 0.75);
    const calibration = own ?? options.calibration ?? null;
    const bundle = newBundle(options, frontEnd, settings, state, calibration);
    await removeResults(options.bundle);
    const modelId = await writeBundle(options.bundle, bundle);
    const { epoch: epochs, bestEpoch, finished } = trainer;
    return { modelId, epochs, bestEpoch, finished, calibration };
  } finally {
    trainer.dispose();
  }
}

/** What would keep the bundle from being written is found before hours of training, not after. */
async function checkTarget({ name, bundle }: TrainOptions): Promise<void> {
  if (!BUNDLE_NAME.test(name)) {
    const detail = `"${name}" can not be a name: 1 to 100 letters, digits, ".", "_" and "-", the first a letter or digit.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--name' });
  }
  try {
    await mkdir(bundle, { recursive: true });
    await access(bundle, constants.W_OK);
  } catch (cause) {
    const detail = `no bundle can be written to ${bundle}: ${(cause as Error).message}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--out', cause });
  }
}

function newBundle(
  options: TrainOptions,
  frontEnd: FrontEnd,
  settings: TrainingSettings,
  state: RunState,
  calibration: Calibration | null,
): NewBundle {
  const { name, now = Date.now } = options;
  return {
    name,
    createdAt: new Date(now()).toISOString(),
    ...bundleLabels(outputsOf(protocolOf(options.protocol))),
    frontEnd,
    calibration: { temperature: calibration?.temperature ?? 1 },
    thresholds: { uncertain: calibration?.uncertain.threshold ?? 0 },
    training: trainingFacts(options, settings, state, calibration),
    model: state.trainer.network.toKeras(name, state.trainer.best),
  };
}

/** @throws UT_TRAINING_BAD_OPTIONS naming the folds */
function foldOf({ protocol, fold }: TrainOptions): Fold {
  const { folds } = protocolOf(protocol);
  const chosen =
    fold === undefined && folds.length === 1 ? folds[0] : folds.find(({ name }) => name === fold);
  if (chosen !== undefined) return chosen;
  const asked = fold === undefined ? 'a fold must be named' : `there is no fold "${fold}"`;
  const detail = `${asked}: ${protocol} has ${folds.map(({ name }) => name).join(', ')}.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--fold' });
}

/** The same frames as they were prepared, made into the planes that the recipe wants. */
function frontEndOf({ recipe: { deltaWidth } }: TrainOptions, { frontEnd }: Dataset): FrontEnd {
  const { deltaWidth: _, ...staticPlane } = frontEnd;
  return deltaWidth === null ? staticPlane : { ...staticPlane, deltaWidth };
}

function settingsOf(options: TrainOptions, frontEnd: FrontEnd): TrainingSettings {
  const { filters, batchNorm, head, settings } = options.recipe;
  const { quota, labels } = protocolOf(options.protocol);
  const inputShape = inputShapeOf(frontEnd);
  requirePositive({ epochs: settings.epochs, batchSize: settings.batchSize });
  return {
    ...settings,
    ...(quota === undefined ? {} : { quota }),
    precision: options.precision ?? fastestPrecision(),
    architecture: { inputShape, filters, batchNorm, head, classes: labels.length },
  };
}

function requirePositive(values: Readonly<Record<string, number>>): void {
  for (const [place, value] of Object.entries(values)) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', `${value} where more than 0 is needed.`, { place });
  }
}

function trainingFacts(
  options: TrainOptions,
  settings: TrainingSettings,
  { trainer, split, sources }: RunState,
  calibration: Calibration | null,
): Record<string, unknown> {
  const parts = Object.fromEntries(PARTS.map((part) => [part, countByCorpus(split[part])]));
  return {
    protocol: options.protocol,
    fold: foldOf(options).name,
    description: protocolOf(options.protocol).description,
    clips: parts,
    data: sources,
    settings,
    epochs: trainer.epoch,
    bestEpoch: trainer.bestEpoch,
    calibration,
  };
}

function countByCorpus(clips: readonly { readonly corpus: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { corpus } of clips) counts[corpus] = (counts[corpus] ?? 0) + 1;
  return counts;
}
