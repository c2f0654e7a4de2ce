import { createHash } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { type FrontEnd, fingerprintOf } from '../../features/index.js';
import { loadTfjs } from '../../inference/index.js';
import type { Dataset } from '../data/dataset.js';
import { writeFileAtomically } from '../files.js';
import type { PreparedSettings } from '../prepare/manifest.js';
import { type Fold, type ProtocolName, protocolOf } from '../protocols.js';
import { type Split, splitBy } from '../split.js';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { loadRecordings, loadTrainingClips } from './load.js';
import { NO_PRIOR_MODELS, type PriorModels, weightsSha256 } from './prior-models.js';
import { appendLog, type EpochLog, rewindLog } from './run-log.js';
import type { TrainingSettings } from './settings.js';
import { type StepListener, Trainer } from './trainer.js';
import { Validator } from './validator.js';

const RUN_FILE = 'run.json';

/** Whether a training was begun in this folder. */
export function isRun(folder: string): Promise<boolean> {
  return access(join(folder, RUN_FILE)).then(
    () => true,
    () => false,
  );
}

/** What a run folder's `run.json` states: with it and the prepared data the run can be repeated. */
export interface RunFacts {
  readonly protocol: ProtocolName;
  readonly fold: string;
  readonly settings: TrainingSettings;
  readonly fingerprint: string;
  readonly sources: readonly PreparedSource[];
  /** SHA-256 over ids and recordings in their order: with other clips the run would go on as another. */
  readonly clipsSha256: string;
  /** Of the weights that training began with, and of each teacher's. */
  readonly prior: { readonly initial: string | null; readonly teachers: readonly string[] };
}

export interface RunListener {
  onStep(epoch: number, step: number, steps: number, loss: number, accuracy: number): void;
  onEpoch(log: EpochLog): void;
}

export interface RunOptions {
  readonly folder: string;
  readonly dataset: Dataset;
  readonly protocol: ProtocolName;
  readonly fold: Fold;
  /** What the windows of the dataset become: its own front end, or one that makes other inputs of the same frames. */
  readonly frontEnd: FrontEnd;
  readonly settings: TrainingSettings;
  /** Default: none. */
  readonly prior?: PriorModels;
  /** No further epoch is begun after this many seconds; the run can be taken up again. */
  readonly maxSeconds?: number;
  readonly now?: () => number;
  /** Ends the run between two steps, with UT_TRAINING_INTERRUPTED. */
  readonly signal?: AbortSignal;
  readonly listener: RunListener;
}

/** What a directory of prepared features was made with, as far as it decides the weights. */
export type PreparedSource = Omit<PreparedSettings, 'frontEnd' | 'format'>;

/** How far a run has come. The caller disposes of the trainer. */
export interface RunState {
  readonly trainer: Trainer;
  readonly split: Split;
  readonly sources: readonly PreparedSource[];
}

/**
 * Trains in a run folder until training ends or the time is over. A folder with a checkpoint is taken up where it
 * stands; each epoch is saved before the next begins.
 * @throws UT_INFERENCE_NO_TFJS, UT_TRAINING_BAD_CHECKPOINT, UT_TRAINING_BAD_DATA, UT_TRAINING_BAD_OPTIONS
 */
export async function trainInFolder(options: RunOptions): Promise<RunState> {
  const { folder, listener, now = Date.now } = options;
  const facts = JSON.stringify(factsOf(options));
  await claimRun(folder, facts);
  const state = await openTrainer(options, now);
  const { trainer } = state;
  const checkpoint = await loadCheckpoint(folder, facts);
  if (checkpoint !== null) await trainer.resume(checkpoint);
  await rewindLog(folder, trainer.epoch);
  const deadline = now() + (options.maxSeconds ?? Infinity) * 1000;
  while (!trainer.finished && now() < deadline) {
    const epoch = trainer.epoch + 1;
    const onStep: StepListener = (...progress) => listener.onStep(epoch, ...progress);
    const log = await trainer.runEpoch(onStep, options.signal);
    await appendLog(folder, log);
    await saveCheckpoint(folder, facts, await trainer.checkpoint());
    listener.onEpoch(log);
  }
  if (trainer.epoch === 0) {
    const detail = 'no epoch was trained: the time was over before the first.';
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--max-minutes' });
  }
  return state;
}

function factsOf(options: RunOptions): RunFacts {
  const { protocol, fold, settings, dataset, frontEnd, prior = NO_PRIOR_MODELS } = options;
  const { clips } = dataset;
  const fingerprint = fingerprintOf(frontEnd);
  const hash = createHash('sha256');
  for (const { corpus, id, sourceSha256 } of clips) hash.update(`${corpus}/${id} ${sourceSha256}\n`);
  return {
    protocol,
    fold: fold.name,
    settings,
    fingerprint,
    sources: sourcesOf(dataset),
    clipsSha256: hash.digest('hex'),
    prior: {
      initial: prior.initial && weightsSha256(prior.initial),
      teachers: prior.teachers.map(weightsSha256),
    },
  };
}

function sourcesOf({ sources }: Dataset): PreparedSource[] {
  return sources.map(({ frontEnd: _, format: __, ...source }) => source);
}

async function claimRun(folder: string, facts: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, RUN_FILE);
  const existing = await readFile(path, 'utf8').catch(() => undefined);
  const text = `${JSON.stringify(JSON.parse(facts), null, 2)}\n`;
  if (existing === undefined) return writeFileAtomically(path, text);
  if (existing !== text) {
    const detail = 'the folder holds a run with other settings or other data (see run.json).';
    throw new UndertoneError('UT_TRAINING_BAD_CHECKPOINT', detail, { place: path });
  }
}

async function openTrainer(options: RunOptions, now: () => number): Promise<RunState> {
  const { dataset, fold, frontEnd, settings, prior = NO_PRIOR_MODELS } = options;
  const protocol = protocolOf(options.protocol);
  const split = splitBy(protocol, fold, dataset.clips, settings.seed);
  const tf = await loadTfjs();
  const arrays = await loadTrainingClips(dataset, split.train, protocol.labels, settings.copies);
  const validation = await loadRecordings(dataset, split.validation, protocol.labels);
  const validator = new Validator(tf, validation, protocol.labels, frontEnd);
  const trainer = new Trainer({ tf, settings, frontEnd, clips: split.train, arrays, validator, prior, now });
  return { trainer, split, sources: sourcesOf(dataset) };
}
