import { appendFile, mkdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { DEFAULT_FRONT_END, type FrontEnd, fingerprintOf, LogMel } from '../../features/index.js';
import { type AugmentationOptions, DEFAULT_AUGMENTATION } from '../augment/recipe.js';
import { type CorpusListing, type CorpusName, readCorpus } from '../corpora/index.js';
import { dropFinished, writeFinished } from './finished.js';
import {
  claimFolder,
  finishManifest,
  manifestPath,
  PREPARED_FORMAT,
  type PreparedClip,
  type PreparedSettings,
  readManifest,
} from './manifest.js';
import { loadNoises, noiseNames } from './noises.js';
import type { PrepareContext, PrepareTask } from './prepare-clip.js';
import { runTasks } from './prepare-pool.js';

export interface PrepareOptions {
  readonly corpus: CorpusName;
  /** Folder of the corpus with its original names. */
  readonly corpusFolder: string;
  /** Folder to write; a directory begun before with the same settings is completed. */
  readonly out: string;
  readonly frontEnd?: FrontEnd;
  /** Changed copies of each clip for training. Default 8; 0 writes the clips alone. */
  readonly variants?: number;
  readonly augmentation?: AugmentationOptions;
  /** Folder of background noise recordings; `null` (default) adds none. */
  readonly noiseFolder?: string | null;
  /** Names of noise recordings that no variant may contain, so that an evaluation can use them. Default none. */
  readonly heldBackNoises?: readonly string[];
  /** Default "1". */
  readonly seed?: string;
  /** Worker threads; 0 prepares in this thread. Default 2. */
  readonly threads?: number;
  /** Called after each clip, those left out included. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PrepareSummary {
  readonly prepared: number;
  /** Clips that stood there already. */
  readonly kept: number;
  /** Clips for whose emotion the vocabulary has no word. */
  readonly unlabelled: number;
  /** Files left out, each with the reason: their names or their content are not what a corpus holds. */
  readonly warnings: readonly string[];
}

/**
 * Saves the features of every labelled clip of a corpus: arrays for training, a picture to look at, and the manifest.
 * The folder is finished once every clip was prepared or left out; until then nothing trains on it.
 * @throws UT_TRAINING_BAD_CORPUS (also where no clip could be read), UT_TRAINING_BAD_DATA (the folder holds features
 *   of other settings), UT_TRAINING_BAD_OPTIONS, UT_FEATURES_BAD_FRONT_END, and whatever else keeps a clip from being prepared
 */
export async function prepareCorpus(options: PrepareOptions): Promise<PrepareSummary> {
  const listing = await readCorpus(options.corpus, options.corpusFolder);
  const settings = await settingsOf(options);
  const context = await contextOf(options, settings);
  await mkdir(options.out, { recursive: true });
  await claimFolder(options.out, settings);
  const records = await readManifest(options.out);
  await finishManifest(options.out, records);
  const tasks = tasksOf(listing);
  const ready = new Set(records.map((record) => record.id));
  const open = tasks.filter((task) => !ready.has(task.clip.id));
  const leftOut: string[] = [];
  const report = () => options.onProgress?.(records.length + leftOut.length, tasks.length);
  if (open.length > 0) await dropFinished(options.out);
  await runTasks(open, context, options.threads ?? 2, {
    async done(record: PreparedClip) {
      records.push(record);
      await appendFile(manifestPath(options.out), `${JSON.stringify(record)}\n`);
      report();
    },
    leftOut(task, message) {
      leftOut.push(`${task.clip.path}: ${message}`);
      report();
    },
  });
  if (records.length === 0) throw nothingPrepared(options.corpusFolder, leftOut);
  await finishManifest(options.out, records);
  const unlabelled = listing.clips.length - tasks.length;
  await writeFinished(options.out, { clips: records.length, leftOut: leftOut.length, unlabelled });
  const warnings = [...listing.warnings, ...leftOut];
  return { prepared: records.length - ready.size, kept: ready.size, unlabelled, warnings };
}

function nothingPrepared(place: string, leftOut: readonly string[]): UndertoneError {
  const detail =
    leftOut.length === 0
      ? 'no clip has a label of the vocabulary.'
      : `none of its ${leftOut.length} clips can be read; the first: ${leftOut[0]}`;
  return new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place });
}

/** What all clips share, loaded before the first of them. */
async function contextOf(options: PrepareOptions, settings: PreparedSettings): Promise<PrepareContext> {
  const { noiseFolder = null, out: folder } = options;
  const rate = settings.frontEnd.sampleRateHz;
  const noises = noiseFolder === null ? new Map() : await loadNoises(noiseFolder, settings.noises, rate);
  return { folder, settings, noises };
}

function tasksOf(listing: CorpusListing): PrepareTask[] {
  return listing.clips.flatMap((clip) => {
    const { label } = clip;
    if (label === null) return [];
    return [{ clip: { ...clip, label }, source: relative(listing.root, clip.path) }];
  });
}

async function settingsOf(options: PrepareOptions): Promise<PreparedSettings> {
  const frontEnd = options.frontEnd ?? DEFAULT_FRONT_END;
  const variants = options.variants ?? 8;
  if (!Number.isInteger(variants) || variants < 0) {
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', `${variants} variants of each clip.`, {
      place: 'variants',
    });
  }
  const noiseFolder = options.noiseFolder ?? null;
  // Made to be checked: a directory claimed by a front end that can't compute would be lost.
  new LogMel(frontEnd);
  return {
    format: PREPARED_FORMAT,
    corpus: options.corpus,
    frontEnd,
    fingerprint: fingerprintOf(frontEnd),
    seed: options.seed ?? '1',
    variants,
    augmentation: options.augmentation ?? DEFAULT_AUGMENTATION,
    noises: noiseFolder === null ? [] : await noiseNames(noiseFolder, options.heldBackNoises ?? []),
  };
}
