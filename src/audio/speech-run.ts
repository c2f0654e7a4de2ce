/** How a run of speech begins and ends; all lengths in blocks. */
export interface SpeechRunLengths {
  /** A run begins, and goes on, where `neededLoud` of the last `loudAmong` blocks were loud: a click is no speech. */
  readonly neededLoud: number;
  readonly loudAmong: number;
  /** A run outlives its last loud block by so many blocks, whatever is heard. */
  readonly hangover: number;
  /** And by so many in all while every block is at least half-loud; the bound keeps the memory finite. */
  readonly maxFade: number;
}

/** `quiet` blocks lie near the background, `loud` ones clearly above it, `fading` ones between. */
export type Loudness = 'quiet' | 'fading' | 'loud';

/** Hysteresis and hangover over loud, fading and quiet blocks. Its state is a function of the last blocks only. */
export class SpeechRun {
  #loudBits = 0;
  /** Blocks since the run was last confirmed by loud ones; beyond `maxFade` they all mean the same. */
  #since: number;
  #unbroken = false;

  constructor(readonly lengths: SpeechRunLengths) {
    this.#since = lengths.maxFade + lengths.hangover;
  }

  /** Takes one block; true where it belongs to a run of speech. */
  next(loudness: Loudness): boolean {
    const { neededLoud, loudAmong, hangover, maxFade } = this.lengths;
    this.#loudBits = ((this.#loudBits << 1) | (loudness === 'loud' ? 1 : 0)) & ((1 << loudAmong) - 1);
    if (countBits(this.#loudBits) >= neededLoud) {
      this.#since = 0;
      this.#unbroken = true;
      return true;
    }
    this.#since = Math.min(this.#since + 1, maxFade + hangover);
    if (this.#since <= hangover) return true;
    this.#unbroken = this.#unbroken && loudness !== 'quiet' && this.#since <= maxFade;
    return this.#unbroken;
  }
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
