import { decodeSamples, mixDown, Resampler, wholeFrames } from '../audio/index.js';
import type { AudioChunk } from '../ingest/index.js';
import type { DecoderState } from './leg-state.js';

/**
 * A leg's bytes → mono samples at the front end's rate.
 *
 * Always holds: #next is the offset, in samples at #rateHz, of the audio expected next. What lies before it in a
 * chunk has been heard already and is left out; what was decoded since #origin is one unbroken signal.
 */
export class LegDecoder {
  readonly #targetHz: number;
  #rateHz: number;
  #next: number;
  #origin: number;
  #resampler: Resampler | null;
  #scratch = new Float32Array(0);

  /** @param from where to begin; in mid-signal, the first {@link settlingSamples} are not those of the whole signal */
  constructor(targetHz: number, from: DecoderState = { rateHz: targetHz, next: 0, origin: 0 }) {
    this.#targetHz = targetHz;
    this.#rateHz = from.rateHz;
    this.#next = from.next;
    this.#origin = from.origin;
    this.#resampler = this.#createResampler();
  }

  get state(): DecoderState {
    return { rateHz: this.#rateHz, next: this.#next, origin: this.#origin };
  }

  /** Sampling rate of the chunks. */
  get rateHz(): number {
    return this.#rateHz;
  }

  get next(): number {
    return this.#next;
  }

  get origin(): number {
    return this.#origin;
  }

  /** Samples of the front end after a beginning here that may differ from those of the whole signal. */
  get settlingSamples(): number {
    return this.#resampler?.settlingSamples ?? 0;
  }

  /** Media time up to which audio has been taken in. */
  get inputMs(): number {
    return (this.#next * 1000) / this.#rateHz;
  }

  /** {@link inputMs} in samples of the front end. */
  get outputPosition(): number {
    return Math.round((this.#next * this.#targetHz) / this.#rateHz);
  }

  /** Samples, at the chunk's rate, that are missing before the chunk; negative for what it repeats. */
  samplesAhead(chunk: AudioChunk): number {
    return chunk.offsetSamples - Math.round((this.#next * chunk.sampleRateHz) / this.#rateHz);
  }

  /** Samples at the front end's rate; valid until the next call. */
  decode(chunk: AudioChunk): Float32Array {
    this.#adoptRate(chunk.sampleRateHz);
    const frames = wholeFrames(chunk.encoding, chunk.channels, chunk.bytes.length);
    const repeated = Math.min(frames, Math.max(0, -this.samplesAhead(chunk)));
    const mono = this.#decodeMono(chunk, frames).subarray(repeated, frames);
    this.#next += mono.length;
    return this.#resampler === null ? mono : this.#resampler.push(mono);
  }

  /** The last samples that the resampler holds back: nothing follows without a {@link skip}. Valid until the next call. */
  flush(): Float32Array {
    return this.#resampler?.flush() ?? EMPTY;
  }

  /** Goes on `durationMs` later. Call {@link flush} first. */
  skip(durationMs: number): void {
    this.#next += Math.round((durationMs * this.#rateHz) / 1000);
    this.#origin = this.#next;
  }

  #adoptRate(rateHz: number): void {
    if (rateHz === this.#rateHz) return;
    this.#next = Math.round((this.#next * rateHz) / this.#rateHz);
    this.#origin = this.#next;
    this.#rateHz = rateHz;
    this.#resampler = this.#createResampler();
  }

  #createResampler(): Resampler | null {
    if (this.#rateHz === this.#targetHz) return null;
    return new Resampler(this.#rateHz, this.#targetHz, this.#next - this.#origin);
  }

  #decodeMono({ encoding, channels, bytes }: AudioChunk, frames: number): Float32Array {
    if (this.#scratch.length < frames * channels) this.#scratch = new Float32Array(frames * channels);
    decodeSamples(encoding, bytes, this.#scratch);
    if (channels > 1) mixDown(this.#scratch, frames, channels, this.#scratch);
    return this.#scratch;
  }
}

const EMPTY = new Float32Array(0);
