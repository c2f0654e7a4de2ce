import { bandEdgesHz, type FrontEnd, inputShapeOf } from '../../../features/index.js';
import type { JudgedModel } from '../../evaluate/judge.js';
import type { ExampleWindow } from './examples.js';
import { occlusionMap } from './occlusion.js';
import { type Orientation, orientationOf } from './orientation.js';
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
  const orientation = orientationOf(model.frontEnd);
  const heard: HeardWindow[] = [];
  for (const { source, actual, heard: label, input } of windows) {
    const { probability, drops } = await occlusionMap(model.classifier, input, shape, label);
    heard.push({
      source,
      actual,
      label: model.labels[label]!,
      probability,
      spectrogram: spectrogramPicture(input, shape[2], orientation),
      occlusion: occlusionPicture(drops, orientation),
      strongest: strongestOf(drops, orientation, model.frontEnd),
    });
  }
  return heard;
}

function strongestOf(
  drops: Float32Array,
  { times, tones, indexOf }: Orientation,
  frontEnd: FrontEnd,
): HeardWindow['strongest'] {
  let [best, atTime, atTone] = [-Infinity, 0, 0];
  for (let time = 0; time < times; time++) {
    for (let tone = 0; tone < tones; tone++) {
      const drop = drops[indexOf(time, tone)]!;
      if (drop > best) [best, atTime, atTone] = [drop, time, tone];
    }
  }
  const { nMels, windowFrames, hopLength, sampleRateHz } = frontEnd;
  const frame = Math.floor(((atTime + 0.5) / times) * windowFrames);
  const band = Math.floor(((atTone + 0.5) / tones) * nMels);
  return { seconds: (frame * hopLength) / sampleRateHz, hz: bandEdgesHz(frontEnd)[band + 1]!, drop: best };
}
