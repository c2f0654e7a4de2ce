import { type FrontEnd, inputLengthOf, inputShapeOf } from '../../features/index.js';
import type { Random } from '../random.js';
import { type MaskingOptions, maskWindow } from './masking.js';
import { cutWindow, randomStart, type VoicedFrames } from './windows.js';

/** A clip in memory: the recording first, then its changed copies. */
export interface TrainingClip {
  readonly label: number;
  readonly variants: readonly VoicedFrames[];
}

export interface BatchOptions {
  readonly masking: MaskingOptions;
  /** Share of the target that is spread over all classes. */
  readonly labelSmoothing: number;
  /** Alpha of mixup (Zhang et al. 2018); 0 mixes nothing. */
  readonly mixup: number;
}

export interface Batch {
  readonly size: number;
  /** Float32 [size × input], inputs as the front end's `inputShapeOf` says. */
  readonly windows: Float32Array;
  /** Float32 [size × classes], each row sums to 1. */
  readonly targets: Float32Array;
}

/** Draws a variant and a window of each clip, hides parts of it, and mixes pairs. */
export function makeBatch(
  clips: readonly TrainingClip[],
  classes: number,
  frontEnd: FrontEnd,
  options: BatchOptions,
  random: Random,
): Batch {
  const shape = inputShapeOf(frontEnd);
  const length = inputLengthOf(frontEnd);
  const windows = new Float32Array(clips.length * length);
  const targets = new Float32Array(clips.length * classes).fill(options.labelSmoothing / classes);
  clips.forEach((clip, i) => {
    const window = windows.subarray(i * length, (i + 1) * length);
    const variant = random.pick(clip.variants);
    cutWindow(variant, randomStart(variant, frontEnd, random), frontEnd, window);
    maskWindow(window, shape, options.masking, random);
    targets[i * classes + clip.label]! += 1 - options.labelSmoothing;
  });
  const batch = { size: clips.length, windows, targets };
  return options.mixup > 0 ? mixed(batch, options.mixup, random) : batch;
}

/** Each window with the next one of the batch, by a share of its own. */
function mixed(batch: Batch, alpha: number, random: Random): Batch {
  const windows = new Float32Array(batch.windows.length);
  const targets = new Float32Array(batch.targets.length);
  for (let i = 0; i < batch.size; i++) {
    const drawn = random.beta(alpha);
    const share = Math.max(drawn, 1 - drawn);
    blend(batch.windows, windows, i, batch.size, share);
    blend(batch.targets, targets, i, batch.size, share);
  }
  return { size: batch.size, windows, targets };
}

function blend(from: Float32Array, to: Float32Array, row: number, rows: number, share: number): void {
  const length = from.length / rows;
  const partner = ((row + 1) % rows) * length;
  for (let k = 0; k < length; k++) {
    to[row * length + k] = share * from[row * length + k]! + (1 - share) * from[partner + k]!;
  }
}
