/** What several messages in a row brought of a leg. */
export interface GatheredAudio {
  /** Media time of the first sample. */
  readonly offsetSamples: number;
  readonly bytes: Uint8Array;
}

/** Windows of the shipped models end so long after multiples of 512 ms. */
const WINDOWS_END_MS = 16;
/** Rate of the shipped models. */
const MODEL_RATE_HZ = 8000;
/** Audio of other rates is resampled by a filter that looks so far ahead (`audio/resampling-filter.ts`). */
const LOOK_AHEAD_MS = 6;

/**
 * Gathers messages of one leg, which are as short as 20 ms, into records: what a record costs at the broker and at both
 * ends of it hardly depends on its length.
 *
 * A record is complete when media time has reached a mark. One mark comes every `recordMs`, and where that is a part of
 * 512 ms, every window of a shipped model ends at one: no window waits for its last samples.
 */
export class RecordGatherer {
  #parts: Uint8Array[] = [];
  #offsetSamples = 0;
  readonly #firstMarkMs: number;

  constructor(
    readonly recordMs: number,
    readonly sampleRateHz: number,
  ) {
    this.#firstMarkMs = WINDOWS_END_MS + (sampleRateHz === MODEL_RATE_HZ ? 0 : LOOK_AHEAD_MS);
  }

  /**
   * @param bytes follows on what was pushed before, if that was not taken yet; not to be changed afterwards
   * @returns whether a record is complete
   */
  push(bytes: Uint8Array, offsetSamples: number, samples: number): boolean {
    if (this.#parts.length === 0) this.#offsetSamples = offsetSamples;
    this.#parts.push(bytes);
    return this.#marksBefore(offsetSamples + samples) > this.#marksBefore(offsetSamples);
  }

  /** All that is gathered, complete or not; `undefined` where nothing is. */
  take(): GatheredAudio | undefined {
    const parts = this.#parts;
    if (parts.length === 0) return undefined;
    this.#parts = [];
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    return { offsetSamples: this.#offsetSamples, bytes };
  }

  /** In whole numbers, so that rounding moves no mark. */
  #marksBefore(offsetSamples: number): number {
    const sincePhase = 1000 * offsetSamples - this.#firstMarkMs * this.sampleRateHz;
    return Math.floor(sincePhase / (this.recordMs * this.sampleRateHz));
  }
}
