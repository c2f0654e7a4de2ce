/**
 * The level of the background: the lowest short-term level of the last while (minimum statistics, after R. Martin,
 * "Noise Power Spectral Density Estimation Based on Optimal Smoothing and Minimum Statistics", 2001, on the whole
 * band). Speech has gaps, so its own level does not raise the minimum.
 *
 * Holds only the last `memory + smoothing` levels.
 */
export class NoiseFloor {
  readonly #recent: Float64Array;
  readonly #smoothed: Float64Array;
  #levels = 0;

  /**
   * @param memory smoothed levels among which the lowest counts.
   * @param smoothing levels averaged, so that one odd block does not set the floor.
   */
  constructor(memory: number, smoothing: number) {
    this.#recent = new Float64Array(smoothing);
    this.#smoothed = new Float64Array(memory).fill(Number.POSITIVE_INFINITY);
  }

  /** Takes the level of one block, dB, and gives the floor, dB. */
  next(levelDb: number): number {
    this.#recent[this.#levels % this.#recent.length] = levelDb;
    const known = Math.min(this.#levels + 1, this.#recent.length);
    this.#smoothed[this.#levels % this.#smoothed.length] = this.#meanOfLast(known);
    this.#levels++;
    return this.#lowest();
  }

  /** Summed from the newest to the oldest, so that the rounding does not depend on where the ring stands. */
  #meanOfLast(known: number): number {
    let sum = 0;
    for (let back = 0; back < known; back++) {
      sum += this.#recent[(this.#levels - back) % this.#recent.length]!;
    }
    return sum / known;
  }

  #lowest(): number {
    let lowest = this.#smoothed[0]!;
    for (let i = 1; i < this.#smoothed.length; i++) {
      if (this.#smoothed[i]! < lowest) lowest = this.#smoothed[i]!;
    }
    return lowest;
  }
}
