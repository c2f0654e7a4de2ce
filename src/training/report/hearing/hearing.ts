import { bandEdgesHz, type FrontEnd, inputShapeOf } from '../../../features/index.js';
import type { JudgedModel } from '../../evaluate/judge.js';
import type { ExampleWindow } from './examples.js';
import { occlusionMap } from './occlusion.js';
import { occlusionPicture, spectrogramPicture } from './window-picture.js';

/** One window, and which of its places its label rests on. */
export interface HeardWindow {
  readonly source: string;
  readonly actual: string | null;
  readonly label: string;
  readonly probability: number;
  /** Addresses of pictures, a pixel for each place. */
  readonly spectrogram: string;
  readonly occlusion: string;
  /** Where hiding costs the label most, and how much of its probability. */
  readonly strongest: { readonly seconds: number; readonly hz: number; readonly drop: number };
}

/** Looks at what a model hears in windows. */
export async function hearWindows(
  model: JudgedModel,
  windows: readonly ExampleWindow[],
): Promise<HeardWindow[]> {
  const shape = inputShapeOf(model.frontEnd);
  const heard: HeardWindow[] = [];
  for (const { source, actual, heard: label, input } of windows) {
    const { probability, drops } = await occlusionMap(model.classifier, input, shape, label);
    heard.push({
      source,
      actual,
      label: model.labels[label]!,
      probability,
      spectrogram: spectrogramPicture(input, shape),
      occlusion: occlusionPicture(drops, shape[0], shape[1]),
      strongest: strongestOf(drops, model.frontEnd),
    });
  }
  return heard;
}

function strongestOf(drops: Float32Array, frontEnd: FrontEnd): HeardWindow['strongest'] {
  const place = drops.reduce((best, drop, i) => (drop > drops[best]! ? i : best), 0);
  const { nMels, hopLength, sampleRateHz } = frontEnd;
  const frame = Math.floor(place / nMels);
  return {
    seconds: (frame * hopLength) / sampleRateHz,
    hz: bandEdgesHz(frontEnd)[(place % nMels) + 1]!,
    drop: drops[place]!,
  };
}
