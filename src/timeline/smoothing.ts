import type { HistoryEntry } from './history.js';

export interface SmoothingOptions {
  /** Hops that the average reaches back, the window itself included; 1 = no smoothing. */
  readonly smoothingWindows: number;
  /** Weight of a window relative to the one a hop later, 0…1. */
  readonly smoothingDecay: number;
}

/**
 * Weighted mean of the probabilities up to `entries[at]`: weight decay^age with the age in hops, so that windows
 * missing in between (silence, holes) still age what lies before them.
 */
export function smoothedAt(
  entries: readonly HistoryEntry[],
  at: number,
  options: SmoothingOptions,
): Float64Array {
  const newest = entries[at]!;
  const mean = new Float64Array(newest.probabilities.length);
  let total = 0;
  for (let i = at; i >= 0; i--) {
    const age = newest.windowIndex - entries[i]!.windowIndex;
    if (age >= options.smoothingWindows) break;
    const weight = options.smoothingDecay ** age;
    total += weight;
    for (let k = 0; k < mean.length; k++) mean[k] = mean[k]! + weight * entries[i]!.probabilities[k]!;
  }
  return mean.map((x) => x / total);
}
