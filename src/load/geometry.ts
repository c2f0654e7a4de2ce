import type { WindowResult } from './results/result-event.js';

/** Media times are published in whole milliseconds or finer. */
const ROUNDING_MS = 1;

/**
 * How the windows of the installation lie, learnt from its results: a load test knows nothing of the model. The hop is
 * taken from the highest index seen, where rounding matters least.
 */
export class WindowGeometry {
  #windowMs: number | undefined;
  #hopMs = 0;
  #atIndex = 0;

  learn({ hole, partial, from, startMs, endMs }: WindowResult): void {
    if (hole !== null || partial) return;
    this.#windowMs ??= endMs - startMs;
    if (from <= this.#atIndex) return;
    this.#atIndex = from;
    this.#hopMs = startMs / from;
  }

  /** Windows that lie wholly in so much audio; undefined while too little is known. */
  windowsIn(audioMs: number): number | undefined {
    if (this.#windowMs === undefined || this.#hopMs === 0) return undefined;
    const restMs = audioMs - ROUNDING_MS - this.#windowMs;
    return restMs < 0 ? 0 : Math.floor(restMs / this.#hopMs) + 1;
  }
}
