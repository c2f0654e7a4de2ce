import {
  decodeSamples,
  type Encoding,
  VOICE_BLOCK_MS,
  VoiceActivity,
  type VoiceActivityOptions,
  wholeFrames,
} from '../audio/index.js';

/** Blocks in a row, by the index of the first since the leg began. */
export interface VoiceBlocks {
  readonly firstBlock: number;
  readonly voiced: readonly boolean[];
}

/**
 * Hears a leg whose audio is not kept, and remembers only which blocks held speech.
 *
 * What always holds: block b covers media time from b to b + 1 times {@link VOICE_BLOCK_MS}; a block that a hole
 * touches is left out.
 */
export class VoiceGate {
  #activity!: VoiceActivity;
  #skipSamples = 0;
  #firstBlock = 0;
  #voiced: boolean[] = [];
  #samples = new Float32Array(0);

  constructor(
    readonly encoding: Encoding,
    readonly sampleRateHz: number,
    readonly options: VoiceActivityOptions,
    offsetSamples: number,
  ) {
    this.jump(offsetSamples);
  }

  /** @throws UT_AUDIO_NOT_FINITE */
  push(bytes: Uint8Array): void {
    const samples = this.#decode(bytes);
    const skipped = Math.min(this.#skipSamples, samples.length);
    this.#skipSamples -= skipped;
    this.#activity.push(samples.subarray(skipped), (_, voiced) => this.#voiced.push(voiced));
  }

  /** The blocks heard since the last call, if they are `least` or more. */
  take(least: number): VoiceBlocks | undefined {
    if (this.#voiced.length < least) return undefined;
    const blocks = { firstBlock: this.#firstBlock, voiced: this.#voiced };
    this.#firstBlock += this.#voiced.length;
    this.#voiced = [];
    return blocks;
  }

  /** Media time goes on at `offsetSamples`; blocks not yet taken are gone. */
  jump(offsetSamples: number): void {
    const blockSamples = (VOICE_BLOCK_MS * this.sampleRateHz) / 1000;
    this.#firstBlock = Math.ceil(offsetSamples / blockSamples);
    this.#skipSamples = Math.floor(this.#firstBlock * blockSamples) - offsetSamples;
    this.#voiced = [];
    this.#activity = new VoiceActivity(this.sampleRateHz, this.options);
  }

  #decode(bytes: Uint8Array): Float32Array {
    const count = wholeFrames(this.encoding, 1, bytes.length);
    if (this.#samples.length < count) this.#samples = new Float32Array(count);
    decodeSamples(this.encoding, bytes, this.#samples);
    return this.#samples.subarray(0, count);
  }
}
