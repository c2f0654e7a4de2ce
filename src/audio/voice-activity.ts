import { checkSampleRate } from './audio-limits.js';
import { NoiseFloor } from './noise-floor.js';
import { type Loudness, SpeechRun } from './speech-run.js';

/** Length of one voice-activity block: 128 samples at 8 kHz, the hop of the default front end. */
export const VOICE_BLOCK_MS = 16;

export interface VoiceActivityOptions {
  /** Quieter than this is never speech, dB relative to full scale. */
  readonly minLevelDbfs: number;
  /** How far above the background a block must be to be loud, dB. */
  readonly marginDb: number;
  /** How long speech is taken to go on after its last loud block. */
  readonly hangoverMs: number;
}

export const DEFAULT_VOICE_ACTIVITY: VoiceActivityOptions = {
  minLevelDbfs: -66,
  marginDb: 9,
  hangoverMs: 160,
};

/** A block is fading, not quiet, until it comes this far under the loud threshold, dB. */
const HYSTERESIS_DB = 4;
/** 2 s: longer than any stretch of speech without a gap, short enough to take a new noise for what it is. */
const FLOOR_MEMORY_BLOCKS = 125;
const FLOOR_SMOOTHING_BLOCKS = 3;
/** 64 ms of 80 ms: shorter sounds are clicks. */
const NEEDED_LOUD_BLOCKS = 4;
const LOUD_AMONG_BLOCKS = 5;
const MAX_FADE_MS = 1000;

/** −120 dBFS, below what 24 bits can hold; digital silence is reported as this. */
const SILENCE_POWER = 1e-12;

/**
 * Each sample is compared with the one this long before it: a comb whose gain is |√2·sin(π·f·0.625 ms)|, that is 0 for
 * an offset, −17 dB for 50 Hz hum, and about 1 on average from 300 Hz up. Unlike a recursive filter it forgets.
 */
const COMB_MS = 0.625;

/**
 * @param block index of the block since the signal's first sample.
 * @param rmsDbfs level of the block as heard, hum and all; −120 for digital silence.
 */
export type VoiceListener = (block: number, voiced: boolean, rmsDbfs: number) => void;

/**
 * Tells speech from silence by its level above the background, one block of {@link VOICE_BLOCK_MS} after the other.
 *
 * What always holds:
 * - Block b covers samples ⌊b·n⌋ up to ⌊(b+1)·n⌋ of the signal, n = samples in 16 ms, wherever the gate began to
 *   listen; what is said of it depends on no later sample.
 * - Any cut of the input into pushes gives the same results, and a block costs no allocation.
 * - What is said of a block depends on the {@link memoryMs} before it at most: a gate that began to listen that long
 *   ago, on a block's edge, says the same as one that has listened for hours.
 */
export class VoiceActivity {
  /** Audio before a block that may bear on what is said of it. */
  readonly memoryMs: number;
  readonly #sampleRateHz: number;
  readonly #options: VoiceActivityOptions;
  readonly #floor = new NoiseFloor(FLOOR_MEMORY_BLOCKS, FLOOR_SMOOTHING_BLOCKS);
  readonly #run: SpeechRun;
  /** The last samples, as a ring. */
  readonly #past: Float32Array;
  #block: number;
  /** Index, in the signal, of the sample heard next. */
  #samples: number;
  /** Samples until the first whole block begins. */
  #discard: number;
  #blockEnd: number;
  #power = 0;
  #combedPower = 0;

  /**
   * @param firstSample index, in the signal, of the first sample pushed: the first block is the next that begins there.
   * @throws UT_AUDIO_RATE
   */
  constructor(sampleRateHz: number, options: VoiceActivityOptions = DEFAULT_VOICE_ACTIVITY, firstSample = 0) {
    checkSampleRate(sampleRateHz, 'input of the voice-activity gate');
    this.#sampleRateHz = sampleRateHz;
    this.#options = options;
    const hangover = Math.round(options.hangoverMs / VOICE_BLOCK_MS);
    const maxFade = Math.max(hangover, Math.round(MAX_FADE_MS / VOICE_BLOCK_MS));
    const loud = { neededLoud: NEEDED_LOUD_BLOCKS, loudAmong: LOUD_AMONG_BLOCKS };
    this.#run = new SpeechRun({ ...loud, hangover, maxFade });
    const memoryBlocks =
      maxFade + hangover + LOUD_AMONG_BLOCKS + FLOOR_MEMORY_BLOCKS + FLOOR_SMOOTHING_BLOCKS + 1;
    this.memoryMs = memoryBlocks * VOICE_BLOCK_MS;
    this.#past = new Float32Array(Math.round((COMB_MS * sampleRateHz) / 1000));
    this.#block = Math.ceil((firstSample * 1000) / (VOICE_BLOCK_MS * sampleRateHz));
    this.#samples = this.#endOf(this.#block - 1);
    this.#discard = this.#samples - firstSample;
    this.#blockEnd = this.#endOf(this.#block);
  }

  /** Hears samples, nominal range −1…1, and tells `emit` of each block that they complete, in order. */
  push(samples: Float32Array, emit: VoiceListener): void {
    const from = Math.min(this.#discard, samples.length);
    this.#discard -= from;
    for (let i = from; i < samples.length; i++) {
      const sample = samples[i]!;
      const at = this.#samples % this.#past.length;
      const combed = sample - this.#past[at]!;
      this.#past[at] = sample;
      this.#power += sample * sample;
      this.#combedPower += combed * combed;
      if (++this.#samples === this.#blockEnd) this.#finishBlock(emit);
    }
  }

  #finishBlock(emit: VoiceListener): void {
    const block = this.#block;
    const count = this.#blockEnd - this.#endOf(block - 1);
    const rmsDbfs = powerDb(this.#power / count);
    const levelDb = powerDb(this.#combedPower / (2 * count));
    const voiced = this.#run.next(this.#loudnessOf(levelDb));
    this.#power = 0;
    this.#combedPower = 0;
    this.#block = block + 1;
    this.#blockEnd = this.#endOf(block + 1);
    emit(block, voiced, rmsDbfs);
  }

  #loudnessOf(levelDb: number): Loudness {
    const { marginDb, minLevelDbfs } = this.#options;
    const loudFrom = Math.max(this.#floor.next(levelDb) + marginDb, minLevelDbfs);
    if (levelDb > loudFrom) return 'loud';
    return levelDb > loudFrom - HYSTERESIS_DB ? 'fading' : 'quiet';
  }

  #endOf(block: number): number {
    return Math.floor(((block + 1) * VOICE_BLOCK_MS * this.#sampleRateHz) / 1000);
  }
}

function powerDb(power: number): number {
  return 10 * Math.log10(Math.max(power, SILENCE_POWER));
}
