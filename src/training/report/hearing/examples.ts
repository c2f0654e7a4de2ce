import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readAudioFile } from '../../../audio/index.js';
import { type FrontEnd, inputLengthOf } from '../../../features/index.js';
import { clipAtRate } from '../../clip-audio.js';
import { type Dataset, loadClip } from '../../data/dataset.js';
import { cutWindow, servedStarts, type VoicedFrames } from '../../data/windows.js';
import type { JudgedModel } from '../../evaluate/judge.js';
import { argmax } from '../../evaluate/metrics.js';
import type { PreparedClip } from '../../prepare/manifest.js';
import { spectrogramOf } from '../../prepare/spectrogram.js';

/** A window to be looked at. */
export interface ExampleWindow {
  /** What it is of, for readers. */
  readonly source: string;
  /** What was played; `null` where nobody knows. */
  readonly actual: string | null;
  /** Index of the label that the model gives. */
  readonly heard: number;
  /** Float32 of the front end's input, planes last. */
  readonly input: Float32Array;
}

interface Candidate extends ExampleWindow {
  readonly confidence: number;
}

/** Speech of which windows may be taken. */
export interface ExampleClip {
  readonly source: string;
  readonly actual: string | null;
  load(): Promise<VoicedFrames>;
}

const DEMO = new URL('../../../../demo/', import.meta.url);

/** The customers of the demo's calls: synthetic voices, which may be shown anywhere. */
export async function demoClips(frontEnd: FrontEnd): Promise<ExampleClip[]> {
  const calls = JSON.parse(await readFile(new URL('calls.json', DEMO), 'utf8')) as {
    readonly file: string;
    readonly title: string;
    readonly legs: readonly string[];
  }[];
  return calls.map(({ file, title, legs }) => ({
    source: `synthetic voice: ${title.toLowerCase()}`,
    actual: null,
    async load() {
      const { sampleRateHz, channels } = await readAudioFile(fileURLToPath(new URL(file, DEMO)));
      const samples = channels[legs.indexOf('customer')]!;
      const { db, frames } = spectrogramOf(
        clipAtRate({ sampleRateHz, samples }, frontEnd.sampleRateHz),
        frontEnd,
      );
      return { db, frames, voice: { fromFrame: 0, toFrame: frames } };
    },
  }));
}

/** Clips of prepared data, as few of each label as are needed for an example. */
export function preparedExamples(dataset: Dataset, clips: readonly PreparedClip[]): ExampleClip[] {
  return clips.map((clip) => ({
    source: `${clip.corpus}, ${clip.speaker}, clip ${clip.id}`,
    actual: clip.label,
    load: () => loadClip(dataset, clip),
  }));
}

/** Of each label that the model gives, the window of which it is surest; in the order of the labels. */
export async function surestWindows(
  model: JudgedModel,
  clips: readonly ExampleClip[],
): Promise<ExampleWindow[]> {
  const surest: (Candidate | undefined)[] = model.labels.map(() => undefined);
  for (const clip of clips) {
    for (const candidate of await candidatesOf(model, clip)) {
      if (candidate.confidence > (surest[candidate.heard]?.confidence ?? 0))
        surest[candidate.heard] = candidate;
    }
  }
  return surest.filter((candidate) => candidate !== undefined);
}

async function candidatesOf(model: JudgedModel, clip: ExampleClip): Promise<Candidate[]> {
  const frames = await clip.load();
  const { source, actual } = clip;
  const candidates = servedStarts(frames, model.frontEnd).map(async (start) => {
    const input = new Float32Array(inputLengthOf(model.frontEnd));
    cutWindow(frames, start, model.frontEnd, input);
    const probabilities = await model.classifier.classify(input);
    const heard = argmax(probabilities);
    return { source, actual, heard, input, confidence: probabilities[heard]! };
  });
  return Promise.all(candidates);
}
