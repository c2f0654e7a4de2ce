import type { Random } from '../random.js';

/** How much of a training window is hidden (SpecAugment, Park et al. 2019). */
export interface MaskingOptions {
  readonly timeMasks: number;
  readonly maxFrames: number;
  readonly bandMasks: number;
  readonly maxBands: number;
}

/**
 * Hides stretches of time and of frequency in all planes, in place, behind the input's mean.
 * @param input Float32 [frames × bands × planes], normalised
 */
export function maskWindow(
  input: Float32Array,
  [frames, bands, planes]: readonly [number, number, number],
  options: MaskingOptions,
  random: Random,
): void {
  const row = bands * planes;
  const mean = input.reduce((sum, value) => sum + value, 0) / input.length;
  for (let i = 0; i < options.timeMasks; i++) {
    const length = random.integer(0, Math.min(options.maxFrames, frames));
    const from = random.integer(0, frames - length);
    input.fill(mean, from * row, (from + length) * row);
  }
  for (let i = 0; i < options.bandMasks; i++) {
    const height = random.integer(0, Math.min(options.maxBands, bands));
    const from = random.integer(0, bands - height) * planes;
    for (let f = 0; f < frames; f++) input.fill(mean, f * row + from, f * row + from + height * planes);
  }
}
