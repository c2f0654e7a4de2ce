import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import type { FrontEnd } from '../../features/index.js';
import type { AugmentationOptions, Recipe } from '../augment/recipe.js';
import type { Finding, OwnLayout, RecordingFacts } from '../corpora/index.js';
import { writeFileAtomically } from '../files.js';
import type { SpokenLabel } from '../vocabulary.js';

export const PREPARED_FORMAT = 1;

/** Everything that decides the numbers in a prepared directory: `prepare.json`. */
export interface PreparedSettings {
  readonly format: typeof PREPARED_FORMAT;
  readonly corpus: string;
  /** How a person's own recordings lay; missing for a published corpus. */
  readonly layout?: OwnLayout;
  readonly frontEnd: FrontEnd;
  readonly fingerprint: string;
  readonly seed: string;
  /** Changed copies of each clip beside the clip itself. */
  readonly variants: number;
  readonly augmentation: AugmentationOptions;
  /** Noise recordings that variants may contain; what is not listed was kept back for evaluation. */
  readonly noises: readonly string[];
}

export interface PreparedVariant {
  /** .npy file of dB frames, Float32 [frames × nMels], before window normalisation. */
  readonly file: string;
  readonly frames: number;
  readonly recipe: Recipe;
}

/** One clip: a line of `manifest.jsonl`. Files are relative to the prepared directory, `source` to the corpus. */
export interface PreparedClip {
  readonly id: string;
  readonly corpus: string;
  readonly speaker: string;
  readonly label: SpokenLabel;
  readonly corpusLabel: string;
  readonly language: string;
  readonly source: string;
  readonly sourceSha256: string;
  readonly durationMs: number;
  /** Missing in directories that were prepared before recordings were measured. */
  readonly recording?: RecordingFacts;
  readonly file: string;
  readonly frames: number;
  /** Frames [fromFrame, toFrame) hold the speech; before and after it there is silence. */
  readonly voice: { readonly fromFrame: number; readonly toFrame: number };
  readonly picture: string;
  readonly variants: readonly PreparedVariant[];
}

export const manifestPath = (folder: string) => join(folder, 'manifest.jsonl');
const settingsPath = (folder: string) => join(folder, 'prepare.json');

/** @throws UT_TRAINING_BAD_DATA where the folder is not a prepared directory. */
export async function readSettings(folder: string): Promise<PreparedSettings> {
  const text = await readFile(settingsPath(folder), 'utf8').catch((cause: unknown) => {
    throw new UndertoneError('UT_TRAINING_BAD_DATA', 'there is no prepare.json.', { place: folder, cause });
  });
  const settings = JSON.parse(text) as PreparedSettings;
  if (settings.format !== PREPARED_FORMAT) {
    const detail = `format ${settings.format}, this version reads ${PREPARED_FORMAT}.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: settingsPath(folder) });
  }
  return settings;
}

/** Writes the settings of a new directory, or holds those of an existing one against them. */
export async function claimFolder(folder: string, settings: PreparedSettings): Promise<void> {
  const existing = await readFile(settingsPath(folder), 'utf8').catch(() => undefined);
  const wanted = `${JSON.stringify(settings, null, 2)}\n`;
  if (existing === undefined) return writeFileAtomically(settingsPath(folder), wanted);
  if (existing !== wanted) {
    const changed = firstDifference(JSON.parse(existing), settings);
    const detail = `it was prepared with another value of "${changed}".`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: folder });
  }
}

function firstDifference(a: PreparedSettings, b: PreparedSettings): string {
  const keys = Object.keys(b) as (keyof PreparedSettings)[];
  return keys.find((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])) ?? 'format';
}

/** Clips already prepared. A last line cut short by a crash is left out: its clip is prepared again. */
export async function readManifest(folder: string): Promise<PreparedClip[]> {
  const text = await readFile(manifestPath(folder), 'utf8').catch(() => '');
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PreparedClip);
}

/** Rewrites the manifest in the order of ids, so that it does not depend on which worker was faster. */
export async function finishManifest(folder: string, clips: readonly PreparedClip[]): Promise<void> {
  const sorted = [...clips].sort((a, b) => (a.id < b.id ? -1 : 1));
  await writeFileAtomically(manifestPath(folder), sorted.map((clip) => `${JSON.stringify(clip)}\n`).join(''));
}

/** `findings.jsonl`: what was odd about the corpus, a line each. */
export async function writeFindings(folder: string, findings: readonly Finding[]): Promise<string> {
  const path = join(folder, 'findings.jsonl');
  await writeFileAtomically(path, findings.map((finding) => `${JSON.stringify(finding)}\n`).join(''));
  return path;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
