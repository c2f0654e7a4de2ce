/**
 * Media time of one leg across its feeds: samples delivered, plus holes known. Only the feed that holds the leg
 * moves it.
 */
export class LegClock {
  #samples = 0;
  #rateHz: number;
  /** Wall clock at which the media time so far had passed; `undefined` before the first audio. */
  lastHeardAtMs: number | undefined;

  constructor(sampleRateHz: number) {
    this.#rateHz = sampleRateHz;
  }

  get offsetSamples(): number {
    return this.#samples;
  }

  get offsetMs(): number {
    return (1000 * this.#samples) / this.#rateHz;
  }

  /** A feed may come back with another rate: the position stays, counted in the new samples. */
  useRate(sampleRateHz: number): void {
    this.#samples = Math.round((this.#samples * sampleRateHz) / this.#rateHz);
    this.#rateHz = sampleRateHz;
  }

  advance(samples: number): void {
    this.#samples += samples;
  }

  /** Media time goes on without audio, and so does the wall clock: what is skipped is not missing once more. */
  skip(durationMs: number): void {
    this.#samples += Math.round((durationMs * this.#rateHz) / 1000);
    if (this.lastHeardAtMs !== undefined) this.lastHeardAtMs += durationMs;
  }

  /** Where media time stood still, the wall clock went on to `atMs`. */
  stoodStillUntil(atMs: number): void {
    if (this.lastHeardAtMs !== undefined) this.lastHeardAtMs = Math.max(this.lastHeardAtMs, atMs);
  }

  /** Media time at `atMs` if the leg goes on in real time; `undefined` before its first audio. */
  reachedMs(atMs: number): number | undefined {
    return this.lastHeardAtMs === undefined ? undefined : this.offsetMs + atMs - this.lastHeardAtMs;
  }
}
