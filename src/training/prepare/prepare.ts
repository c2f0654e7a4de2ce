import { appendFile, mkdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { DEFAULT_FRONT_END, type FrontEnd, fingerprintOf, LogMel } from '../../features/index.js';
import { type AugmentationOptions, DEFAULT_AUGMENTATION } from '../augment/recipe.js';
import { type CorpusListing, type Finding, isError, type OwnLayout, readCorpus } from '../corpora/index.js';
import { dropFinished, writeFinished } from './finished.js';
import {
  claimFolder,
  finishManifest,
  manifestPath,
  PREPARED_FORMAT,
  type PreparedClip,
  type PreparedSettings,
  readManifest,
  writeFindings,
} from './manifest.js';
import { loadNoises, noiseNames } from './noises.js';
import type { PrepareContext, PrepareTask } from './prepare-clip.js';
import { runTasks } from './prepare-pool.js';
import { findingsIn, recordsInForce } from './records.js';

export interface PrepareOptions {
  /** A published corpus, or with a `layout` the name that a person gives to recordings of their own. */
  readonly corpus: string;
  readonly layout?: OwnLayout;
  /** Folder of the corpus with its original names; with the layout `csv` the manifest. */
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
  /** Files that are not what the corpus holds, or can't be read. */
  readonly leftOut: number;
  /** Clips for whose emotion the vocabulary has no word. */
  readonly unlabelled: number;
  /** Files left out, each with the reason, and all that is odd about the others. */
  readonly findings: readonly Finding[];
  /** The file that lists them. */
  readonly findingsFile: string;
}

/**
 * Saves the features of every labelled clip of a corpus: arrays for training, a picture to look at, and the manifest.
 * The folder is finished once every clip was prepared or left out; until then nothing trains on it.
 * @throws UT_TRAINING_BAD_CORPUS (also where no clip could be read, and where recordings contradict their labels), UT_TRAINING_BAD_DATA (the folder holds features
 *   of other settings), UT_TRAINING_BAD_OPTIONS, UT_FEATURES_BAD_FRONT_END, and whatever else keeps a clip from being prepared
 */
export async function prepareCorpus(options: PrepareOptions): Promise<PrepareSummary> {
  const { corpus, layout, corpusFolder, out } = options;
  const listing = await readCorpus({
    corpus,
    path: corpusFolder,
    ...(layout === undefined ? {} : { layout }),
  });
  refuseErrors(listing.findings, corpusFolder);
  const settings = await settingsOf(options);
  const context = await contextOf(options, settings);
  await mkdir(out, { recursive: true });
  await claimFolder(out, settings);
  const tasks = tasksOf(listing);
  const records = recordsInForce(await readManifest(out), tasks);
  const kept = records.length;
  const unreadable = await completeRecords(records, tasks, context, options);
  const findings = [...listing.findings, ...unreadable, ...findingsIn(records, tasks)];
  if (records.length === 0) throw nothingPrepared(corpusFolder, unreadable);
  await finishManifest(out, records);
  const findingsFile = await writeFindings(out, findings);
  refuseErrors(findings, corpusFolder);
  const unlabelled = listing.clips.length - tasks.length;
  const leftOut = findings.filter(({ kind }) => kind === 'left-out').length;
  await writeFinished(out, { clips: records.length, leftOut, unlabelled });
  return { prepared: records.length - kept, kept, leftOut, unlabelled, findings, findingsFile };
}

/**
 * Prepares what `records` lacks and adds it there and to the manifest.
 * @returns the recordings that can't be read
 */
async function completeRecords(
  records: PreparedClip[],
  tasks: readonly PrepareTask[],
  context: PrepareContext,
  { out, threads = 2, onProgress }: PrepareOptions,
): Promise<Finding[]> {
  await finishManifest(out, records);
  const ready = new Set(records.map(({ id }) => id));
  const open = tasks.filter((task) => !ready.has(task.clip.id));
  const leftOut: Finding[] = [];
  const report = () => onProgress?.(records.length + leftOut.length, tasks.length);
  if (open.length > 0) await dropFinished(out);
  await runTasks(open, context, threads, {
    async done(record: PreparedClip) {
      records.push(record);
      await appendFile(manifestPath(out), `${JSON.stringify(record)}\n`);
      report();
    },
    leftOut({ clip }, detail) {
      leftOut.push({ file: clip.path, kind: 'left-out', detail });
      report();
    },
  });
  return leftOut.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** @throws UT_TRAINING_BAD_CORPUS where a finding would teach a model something false */
function refuseErrors(findings: readonly Finding[], place: string): void {
  const errors = findings.filter(isError);
  if (errors.length === 0) return;
  const shown = errors.slice(0, 10).map(({ file, detail }) => `\n  ${file}: ${detail}`);
  const more = errors.length > shown.length ? `\n  and ${errors.length - shown.length} more` : '';
  const detail = `${errors.length} recordings contradict what is said of them:${shown.join('')}${more}\n`;
  const remedy =
    'Correct names, folders or manifest, or take the recordings out; `undertone prepare --check` names all of them.';
  throw new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place, remedy });
}

function nothingPrepared(place: string, leftOut: readonly Finding[]): UndertoneError {
  const [first] = leftOut;
  const detail =
    first === undefined
      ? 'no clip has a label of the vocabulary.'
      : `none of its ${leftOut.length} clips can be read; the first: ${first.file}: ${first.detail}`;
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
    ...(options.layout === undefined ? {} : { layout: options.layout }),
    frontEnd,
    fingerprint: fingerprintOf(frontEnd),
    seed: options.seed ?? '1',
    variants,
    augmentation: options.augmentation ?? DEFAULT_AUGMENTATION,
    noises: noiseFolder === null ? [] : await noiseNames(noiseFolder, options.heldBackNoises ?? []),
  };
}
