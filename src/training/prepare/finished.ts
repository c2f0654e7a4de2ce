import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { writeFileAtomically } from '../files.js';
import type { PreparedSettings } from './manifest.js';

/** `finished.json`: written when every clip of the corpus has been prepared or left out. */
export interface FinishedRecord {
  /** Lines of the manifest. */
  readonly clips: number;
  /** Recordings that were not what the corpus holds, or could not be read. */
  readonly leftOut: number;
  /** Recordings for whose emotion the vocabulary has no word. */
  readonly unlabelled: number;
}

const pathOf = (folder: string) => join(folder, 'finished.json');

export async function writeFinished(folder: string, record: FinishedRecord): Promise<void> {
  await writeFileAtomically(pathOf(folder), `${JSON.stringify(record, null, 2)}\n`);
}

export async function dropFinished(folder: string): Promise<void> {
  await rm(pathOf(folder), { force: true });
}

/**
 * Refuses a directory whose preparation was interrupted: what is missing would be missing from training, unnoticed.
 * @param clips lines of its manifest
 * @throws UT_TRAINING_BAD_DATA naming the command that finishes it
 */
export async function requireFinished(
  folder: string,
  settings: PreparedSettings,
  clips: number,
): Promise<void> {
  const text = await readFile(pathOf(folder), 'utf8').catch(() => null);
  if (text !== null && (JSON.parse(text) as FinishedRecord).clips === clips) return;
  const state = text === null ? 'its preparation was never finished' : 'its manifest was changed afterwards';
  const detail = `${state} (${clips} clips are there). To finish it: ${finishingCommand(folder, settings)}.`;
  throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: folder });
}

function finishingCommand(
  folder: string,
  { corpus, layout, variants, seed, noises }: PreparedSettings,
): string {
  const noise = noises.length === 0 ? '' : ' --noise DIR, with the same --hold-back-noise as before';
  const out = basename(folder) === corpus ? ` --out ${dirname(folder)}` : '';
  const path = layout === undefined ? 'FOLDER' : layout === 'csv' ? 'csv:FILE' : 'folders:FOLDER';
  return `\`undertone prepare ${corpus}=${path}${out} --variants ${variants} --seed ${seed}\`${noise}`;
}
