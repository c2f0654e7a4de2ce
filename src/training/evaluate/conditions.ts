import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { applyRecipe, type Recipe } from '../augment/recipe.js';
import { clipAtRate, readMono } from '../clip-audio.js';
import { type Dataset, loadClip } from '../data/dataset.js';
import type { VoicedFrames } from '../data/windows.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { spectrogramOf } from '../prepare/spectrogram.js';
import { Random } from '../random.js';

/** A state of the line in which recordings are heard. */
export interface Condition {
  readonly name: string;
  /** `null`: the recording as it was prepared. */
  readonly change: {
    readonly mulaw: boolean;
    readonly telephoneBand: boolean;
    readonly snrDb: number | null;
  } | null;
}

export const CLEAN: Condition = { name: 'clean', change: null };

/** What telephony does to speech. Noise is of kinds that no training variant held, if some were kept back. */
export const LINE_CONDITIONS: readonly Condition[] = [
  { name: 'G.711 µ-law', change: { mulaw: true, telephoneBand: false, snrDb: null } },
  { name: 'G.711 µ-law, 300–3400 Hz', change: { mulaw: true, telephoneBand: true, snrDb: null } },
  { name: 'G.711 µ-law, noise at 20 dB', change: { mulaw: true, telephoneBand: false, snrDb: 20 } },
  { name: 'G.711 µ-law, noise at 10 dB', change: { mulaw: true, telephoneBand: false, snrDb: 10 } },
];

/** Where recordings and noise are found again. */
export interface ConditionSources {
  /** Folder of each corpus. */
  readonly corpora: Readonly<Record<string, string>>;
  /** Noise samples by name, at the front end's rate. */
  readonly noises: ReadonlyMap<string, Float32Array>;
  readonly seed: string;
}

/** The frames of a clip under a condition. Speech lies where it lies in the clean recording. */
export async function hearClip(
  dataset: Dataset,
  clip: PreparedClip,
  { name, change }: Condition,
  sources: ConditionSources,
): Promise<VoicedFrames> {
  if (change === null) return loadClip(dataset, clip);
  const { frontEnd } = dataset;
  const rate = frontEnd.sampleRateHz;
  const folder = sources.corpora[clip.corpus];
  if (folder === undefined) {
    const detail = `the condition "${name}" needs the recordings of ${clip.corpus}; its folder was not given.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail);
  }
  const samples = clipAtRate(await readMono(join(folder, clip.source)), rate);
  const random = new Random(`${sources.seed}/${name}/${clip.id}`);
  const noises = [...sources.noises.keys()].sort();
  const noise =
    change.snrDb === null
      ? null
      : { name: random.pick(noises), startShare: random.next(), snrDb: change.snrDb };
  const { mulaw, telephoneBand } = change;
  const recipe: Recipe = { pitchSemitones: 0, speed: 1, gainDb: 0, noise, mulaw, telephoneBand, loss: null };
  const heard = applyRecipe(recipe, samples, rate, rate, (wanted) => sources.noises.get(wanted)!);
  const { db, frames } = spectrogramOf(heard, frontEnd);
  return { db, frames, voice: clip.voice };
}
