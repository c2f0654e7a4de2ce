import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mixDownClip, readAudioFile } from '../../audio/index.js';
import { type AugmentationOptions, applyRecipe, drawRecipe } from '../augment/recipe.js';
import { clipAtRate } from '../clip-audio.js';
import { type CorpusClip, measureRecording } from '../corpora/index.js';
import { writeFileAtomically } from '../files.js';
import { writeNpy } from '../npy.js';
import { drawSpectrogram } from '../pictures/spectrogram-picture.js';
import { Random } from '../random.js';
import { type PreparedClip, type PreparedSettings, type PreparedVariant, sha256Of } from './manifest.js';
import { type Spectrogram, spectrogramOf, voiceSpan } from './spectrogram.js';

/** A clip with a label, and where its file lies relative to the corpus. */
export interface PrepareTask {
  readonly clip: CorpusClip & { readonly label: PreparedClip['label'] };
  readonly source: string;
}

/** What every clip of a directory is prepared with. */
export interface PrepareContext {
  readonly folder: string;
  readonly settings: PreparedSettings;
  /** Samples by name, at the front end's rate. */
  readonly noises: ReadonlyMap<string, Float32Array>;
}

/** Writes the arrays and the picture of one clip and returns its line of the manifest. */
export async function prepareClip(task: PrepareTask, context: PrepareContext): Promise<PreparedClip> {
  const { clip, source } = task;
  const { frontEnd } = context.settings;
  const decoded = await readAudioFile(clip.path);
  const audio = { sampleRateHz: decoded.sampleRateHz, samples: mixDownClip(decoded.channels) };
  const spectrogram = spectrogramOf(clipAtRate(audio, frontEnd.sampleRateHz), frontEnd);
  const voice = voiceSpan(spectrogram);
  const file = `${clip.id}.npy`;
  const picture = `${clip.id}.png`;
  await writeSpectrogram(context.folder, file, spectrogram);
  const title = `${clip.speaker}  ${clip.label}`;
  await writeFileAtomically(join(context.folder, picture), drawSpectrogram(spectrogram, frontEnd, title));
  const variants: PreparedVariant[] = [];
  for (let v = 1; v <= context.settings.variants; v++)
    variants.push(await prepareVariant(clip.id, v, audio, context));
  const { id, corpus, speaker, label, corpusLabel, language } = clip;
  const bytes = await readFile(clip.path);
  const sourceSha256 = sha256Of(bytes);
  const recording = measureRecording(bytes, decoded, clip.path);
  const { durationMs } = recording;
  const facts = {
    id,
    corpus,
    speaker,
    label,
    corpusLabel,
    language,
    source,
    sourceSha256,
    durationMs,
    recording,
  };
  return { ...facts, file, frames: spectrogram.frames, voice, picture, variants };
}

async function prepareVariant(
  id: string,
  variant: number,
  audio: { readonly sampleRateHz: number; readonly samples: Float32Array },
  { folder, settings, noises }: PrepareContext,
): Promise<PreparedVariant> {
  const options: AugmentationOptions = settings.augmentation;
  const recipe = drawRecipe(new Random(`${settings.seed}/${id}/${variant}`), options, settings.noises);
  const { sampleRateHz } = settings.frontEnd;
  const noiseOf = (name: string) => noises.get(name)!;
  const samples = applyRecipe(recipe, audio.samples, audio.sampleRateHz, sampleRateHz, noiseOf);
  const spectrogram = spectrogramOf(samples, settings.frontEnd);
  const file = `${id}.v${variant}.npy`;
  await writeSpectrogram(folder, file, spectrogram);
  return { file, frames: spectrogram.frames, recipe };
}

function writeSpectrogram(folder: string, file: string, { db, frames, nMels }: Spectrogram): Promise<void> {
  return writeNpy(join(folder, file), db, [frames, nMels]);
}
