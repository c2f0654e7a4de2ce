/**
 * Voice activity and level of a leg's last blocks, by block index.
 * A block that was never heard (a hole) counts as silence of level 0.
 */
export class VoiceTrack {
  readonly #capacity: number;
  readonly #blocks: Int32Array;
  readonly #voiced: Uint8Array;
  readonly #power: Float64Array;

  /** @param capacity blocks that are remembered; at least those of one window */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#blocks = new Int32Array(capacity).fill(-1);
    this.#voiced = new Uint8Array(capacity);
    this.#power = new Float64Array(capacity);
  }

  /** @param meanSquare mean of the squared samples */
  set(block: number, voiced: boolean, meanSquare: number): void {
    const slot = block % this.#capacity;
    this.#blocks[slot] = block;
    this.#voiced[slot] = voiced ? 1 : 0;
    this.#power[slot] = meanSquare;
  }

  /** Share of voiced blocks and level over blocks [from, to). */
  over(from: number, to: number): { readonly voicedShare: number; readonly loudnessDbfs: number } {
    let voiced = 0;
    let power = 0;
    for (let block = from; block < to; block++) {
      const slot = block % this.#capacity;
      if (this.#blocks[slot] !== block) continue;
      voiced += this.#voiced[slot]!;
      power += this.#power[slot]!;
    }
    const count = Math.max(1, to - from);
    return { voicedShare: voiced / count, loudnessDbfs: 10 * Math.log10(Math.max(power / count, SILENCE)) };
  }
}

/** −120 dBFS: below what 16 bits can hold. */
const SILENCE = 1e-12;
