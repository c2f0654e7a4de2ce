/**
 * Media time of one leg across its feeds: samples delivered, plus holes known. Only the feed that holds the leg
 * moves it.
 */
export class LegClock {
  #samples = 0;
  #rateHz: number;
  /** Wall clock when the last audio of the leg arrived; `undefined` before the first. */
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

  skip(durationMs: number): void {
    this.#samples += Math.round((durationMs * this.#rateHz) / 1000);
  }
}
