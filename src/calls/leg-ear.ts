import { VoiceActivity, type VoiceActivityOptions } from '../audio/index.js';
import { type AudioChunk, VOICE_BLOCK_MS } from '../ingest/index.js';
import { LegDecoder } from './leg-decoder.js';
import { type DecoderState, NO_REPLAY, type ReplayPoint } from './leg-state.js';
import type { WindowSource } from './ports.js';
import { ReplayPoints } from './replay-points.js';
import { VoiceTrack } from './voice-track.js';

/** Samples that are handed on at once: voice activity is never further behind the windows than this. */
const SLICE_SAMPLES = 256;

const REPLAY_SPACING_MS = 250;

/** Is told of voice and windows at the very sample that completes them. */
export interface EarListener {
  readonly onBlock: (block: number, voiced: boolean) => void;
  readonly onWindow: (windowIndex: number) => void;
}

/**
 * What a leg hears: bytes → samples → voice activity and windows, on the leg's media time.
 *
 * Always holds: position is the leg's media position in samples of the front end's rate, gaps and pauses included; and
 * all that is told from now on is a function of the records from {@link replayFrom} on, so that an ear elsewhere that
 * begins there tells the same, to the bit.
 */
export class LegEar {
  readonly #windows: WindowSource;
  readonly #voiceActivity: VoiceActivityOptions;
  readonly #listener: EarListener;
  readonly #points: ReplayPoints;
  #decoder: LegDecoder;
  #track: VoiceTrack;
  #voice: VoiceActivity;
  #position = 0;

  constructor(windows: WindowSource, voiceActivity: VoiceActivityOptions, listener: EarListener) {
    this.#windows = windows;
    this.#voiceActivity = voiceActivity;
    this.#listener = listener;
    this.#decoder = new LegDecoder(windows.sampleRateHz);
    this.#track = this.#createTrack();
    this.#voice = this.#createVoice();
    const spanMs = windows.endMs(0) + this.#memoryMs + VOICE_BLOCK_MS;
    this.#points = new ReplayPoints(this.#samplesIn(spanMs), this.#samplesIn(REPLAY_SPACING_MS));
  }

  /** Goes on where another ear stood, deaf to what that one had heard before. */
  beginAt(decoder: DecoderState, position: number): void {
    this.#decoder = new LegDecoder(this.#windows.sampleRateHz, decoder);
    this.#points.clear();
    this.#track = this.#createTrack();
    this.#moveTo(position);
  }

  get decoder(): DecoderState {
    return this.#decoder.state;
  }

  get position(): number {
    return this.#position;
  }

  get mediaMs(): number {
    return (this.#position * 1000) / this.#windows.sampleRateHz;
  }

  /** Media time up to which audio has been taken in; what a resampler holds back is included. */
  get inputMs(): number {
    return this.#decoder.inputMs;
  }

  /** Offset of the record at which another ear must begin to listen, to go on from here as this one. */
  get replayFrom(): number {
    this.#points.forget(this.#neededFrom());
    return this.#points.oldestOffset ?? NO_REPLAY;
  }

  get replay(): ReplayPoint {
    this.#points.forget(this.#neededFrom());
    return this.#points.oldest ?? { offset: NO_REPLAY, decoder: this.decoder, position: this.#position };
  }

  /** Milliseconds, at the chunk's rate, that are missing before the chunk; negative for what it repeats. */
  missingMs(chunk: AudioChunk): number {
    return (this.#decoder.samplesAhead(chunk) * 1000) / chunk.sampleRateHz;
  }

  /** A chunk comes, at `offset` of the audio log, and nothing of it has been dealt with. */
  mark(offset: number): void {
    this.#points.forget(this.#neededFrom());
    this.#points.offer(offset, this.#decoder, this.#position);
  }

  /** What comes next, the record under way included, follows a hole: nothing from before bears on it. */
  forget(): void {
    this.#points.clear();
  }

  /** @returns whether anything of the chunk was new */
  chunk(chunk: AudioChunk): boolean {
    const samples = this.#decoder.decode(chunk);
    this.#hear(samples);
    return samples.length > 0;
  }

  /** Hears the rest of what was unbroken so far. */
  flush(): void {
    this.#hear(this.#decoder.flush());
  }

  /** Goes on `durationMs` later, after {@link flush}; no window spans the hole, be it 0 long. */
  skip(durationMs: number): void {
    this.#decoder.skip(durationMs);
    this.#moveTo(Math.max(this.#position, this.#decoder.outputPosition));
  }

  /** Share of voiced blocks and level in a window, once it has been heard. */
  voiceIn(startMs: number, endMs: number): { readonly voicedShare: number; readonly loudnessDbfs: number } {
    return this.#track.over(Math.round(startMs / VOICE_BLOCK_MS), Math.floor(endMs / VOICE_BLOCK_MS));
  }

  #moveTo(position: number): void {
    this.#position = position;
    this.#windows.skipTo(position);
    this.#voice = this.#createVoice();
  }

  #hear(samples: Float32Array): void {
    for (let at = 0; at < samples.length; at += SLICE_SAMPLES) {
      const slice = samples.subarray(at, at + SLICE_SAMPLES);
      this.#position += slice.length;
      this.#voice.push(slice, this.#onBlock);
      this.#windows.push(slice, this.#listener.onWindow);
    }
  }

  readonly #onBlock = (block: number, voiced: boolean, rmsDbfs: number): void => {
    this.#track.set(block, voiced, 10 ** (rmsDbfs / 10));
    this.#listener.onBlock(block, voiced);
  };

  /**
   * First sample that bears on anything yet to be told: on the voice in the next window's first block, or on that
   * window itself, which may be centred and then reaches before its start by less than its length.
   */
  #neededFrom(): number {
    const startMs = this.#windows.startMs(this.#windows.windowsEndingBy(this.#position));
    const firstBlockMs = Math.round(startMs / VOICE_BLOCK_MS) * VOICE_BLOCK_MS;
    return Math.floor(((firstBlockMs - this.#memoryMs) * this.#windows.sampleRateHz) / 1000);
  }

  /** Of the voice gate, but no shorter than a window. */
  get #memoryMs(): number {
    const windowMs = Math.ceil(this.#windows.endMs(0) / VOICE_BLOCK_MS + 1) * VOICE_BLOCK_MS;
    return Math.max(this.#voice.memoryMs, windowMs);
  }

  #createTrack(): VoiceTrack {
    const sliceMs = (SLICE_SAMPLES * 1000) / this.#windows.sampleRateHz;
    return new VoiceTrack(Math.ceil((this.#windows.endMs(0) + sliceMs) / VOICE_BLOCK_MS) + 1);
  }

  #createVoice(): VoiceActivity {
    return new VoiceActivity(this.#windows.sampleRateHz, this.#voiceActivity, this.#position);
  }

  #samplesIn(ms: number): number {
    return Math.ceil((ms * this.#windows.sampleRateHz) / 1000);
  }
}
