import { appendFile, mkdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { DEFAULT_FRONT_END, type FrontEnd, fingerprintOf } from '../../features/index.js';
import { type AugmentationOptions, DEFAULT_AUGMENTATION } from '../augment/recipe.js';
import { type CorpusListing, type CorpusName, readCorpus } from '../corpora/index.js';
import {
  claimFolder,
  finishManifest,
  manifestPath,
  PREPARED_FORMAT,
  type PreparedClip,
  type PreparedSettings,
  readManifest,
} from './manifest.js';
import { noiseNames } from './noises.js';
import type { PrepareTask } from './prepare-clip.js';
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
  /** Called after each clip. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PrepareSummary {
  readonly prepared: number;
  /** Clips that stood there already. */
  readonly kept: number;
  /** Clips without one of Undertone's labels (calm, boredom). */
  readonly unlabelled: number;
  /** Files left out, each with the reason. */
  readonly warnings: readonly string[];
}

/**
 * Saves the features of every labelled clip of a corpus: arrays for training, a picture to look at, and the manifest.
 * @throws UT_TRAINING_BAD_CORPUS, UT_TRAINING_BAD_DATA (the folder holds features of other settings)
 */
export async function prepareCorpus(options: PrepareOptions): Promise<PrepareSummary> {
  const listing = await readCorpus(options.corpus, options.corpusFolder);
  const settings = await settingsOf(options);
  await mkdir(options.out, { recursive: true });
  await claimFolder(options.out, settings);
  const records = await readManifest(options.out);
  await finishManifest(options.out, records);
  const tasks = tasksOf(listing, options.corpusFolder);
  const ready = new Set(records.map((record) => record.id));
  const open = tasks.filter((task) => !ready.has(task.clip.id));
  const warnings = [...listing.warnings];
  const data = { folder: options.out, settings, noiseFolder: options.noiseFolder ?? null };
  await runTasks(open, data, options.threads ?? 2, {
    async done(record: PreparedClip) {
      records.push(record);
      await appendFile(manifestPath(options.out), `${JSON.stringify(record)}\n`);
      options.onProgress?.(records.length, tasks.length);
    },
    failed: (task, message) => warnings.push(`${task.clip.path}: ${message}`),
  });
  await finishManifest(options.out, records);
  const unlabelled = listing.clips.length - tasks.length;
  return { prepared: records.length - ready.size, kept: ready.size, unlabelled, warnings };
}

function tasksOf(listing: CorpusListing, corpusFolder: string): PrepareTask[] {
  return listing.clips.flatMap((clip) => {
    const { label } = clip;
    if (label === null) return [];
    return [{ clip: { ...clip, label }, source: relative(corpusFolder, clip.path) }];
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
