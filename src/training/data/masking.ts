import type { Random } from '../random.js';

/** How much of a training window is hidden (SpecAugment, Park et al. 2019). */
export interface MaskingOptions {
  readonly timeMasks: number;
  readonly maxFrames: number;
  readonly bandMasks: number;
  readonly maxBands: number;
}

/**
 * Hides stretches of time and of frequency, in place, behind the window's mean.
 * @param window Float32 [frames × nMels], normalised
 */
export function maskWindow(
  window: Float32Array,
  nMels: number,
  options: MaskingOptions,
  random: Random,
): void {
  const frames = window.length / nMels;
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  for (let i = 0; i < options.timeMasks; i++) {
    const length = random.integer(0, Math.min(options.maxFrames, frames));
    const from = random.integer(0, frames - length);
    window.fill(mean, from * nMels, (from + length) * nMels);
  }
  for (let i = 0; i < options.bandMasks; i++) {
    const height = random.integer(0, Math.min(options.maxBands, nMels));
    const from = random.integer(0, nMels - height);
    for (let f = 0; f < frames; f++) window.fill(mean, f * nMels + from, f * nMels + from + height);
  }
}
