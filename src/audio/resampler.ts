import { checkSampleRate } from './audio-limits.js';
import { designFilter, type ResamplingFilter } from './resampling-filter.js';

/** Filters kept for streams to come; the least recently made goes first. */
const MAX_CACHED_FILTERS = 16;
const filters = new Map<string, ResamplingFilter>();

/** Input samples worked on at once, whatever length is pushed. */
const BLOCK = 1024;

/**
 * Changes the sampling rate of a stream.
 *
 * What always holds:
 * - Output sample k is the band-limited input at time k / outRate: the filter's delay is compensated, silence is taken
 *   to lie before the first and after the last sample.
 * - The output is a function of the samples alone: any cut of the input into pushes gives the same bits.
 * - It runs {@link delaySamples} behind the input and keeps only the last 2·delaySamples inputs: one that begins in
 *   mid-signal gives the same bits as one that heard all of it, {@link settlingSamples} outputs later.
 *
 * Flat to 90 % of the lower Nyquist frequency; what would alias is at least 75 dB down.
 */
export class Resampler {
  /** Inputs that must be known beyond an instant before its output can be given. */
  readonly delaySamples: number;
  /** Outputs after a beginning in mid-signal that may differ from those of the whole signal. */
  readonly settlingSamples: number;
  readonly #filter: ResamplingFilter;
  /** The last inputs, oldest first; `#filled` of them are valid. */
  readonly #history: Float32Array;
  #filled = 0;
  /** Next output: instant of the input at `#base` (index in `#history`) plus #remainder/up. */
  #base = 0;
  #remainder = 0;
  #inputs = 0;
  #outputs = 0;
  #out = new Float32Array(0);

  /**
   * @param unheard inputs of the signal that lie before the first one pushed: output goes on where it stood after
   *   them, at the same instants, with silence in their place.
   * @throws UT_AUDIO_RATE
   */
  constructor(
    readonly fromHz: number,
    readonly toHz: number,
    unheard = 0,
  ) {
    checkSampleRate(fromHz, 'input of the resampler');
    checkSampleRate(toHz, 'output of the resampler');
    this.#filter = filterFor(fromHz, toHz);
    const { up, down, half } = this.#filter;
    this.delaySamples = fromHz === toHz ? 0 : half;
    this.settlingSamples = Math.ceil((2 * this.delaySamples * up) / down);
    this.#history = new Float32Array(2 * half + BLOCK);
    this.#begin(unheard);
  }

  /**
   * Takes samples in, gives those out that they complete.
   *
   * @returns a view, valid until the next call; where the rates are equal, `input` itself. Nothing is allocated once
   *   the output of the longest push has found room.
   */
  push(input: Float32Array): Float32Array {
    if (this.fromHz === this.toHz) return input;
    this.#inputs += input.length;
    this.#makeRoom(Math.ceil((input.length * this.#filter.up) / this.#filter.down) + 1);
    let written = 0;
    for (let at = 0; at < input.length; at += BLOCK) {
      this.#append(input, at, Math.min(BLOCK, input.length - at));
      written = this.#produce(written, Number.POSITIVE_INFINITY);
    }
    this.#outputs += written;
    return this.#out.subarray(0, written);
  }

  /**
   * The rest of the output after the last push: ⌈inputs · toHz / fromHz⌉ samples have then been given in all. The
   * resampler is as new afterwards.
   *
   * @returns a view, valid until the next call.
   */
  flush(): Float32Array {
    if (this.fromHz === this.toHz) return this.#out;
    const total = Math.ceil((this.#inputs * this.#filter.up) / this.#filter.down);
    const missing = total - this.#outputs;
    this.#makeRoom(missing);
    let written = 0;
    for (let left = this.delaySamples; left > 0; left -= BLOCK) {
      this.#append(SILENCE, 0, Math.min(BLOCK, left));
      written = this.#produce(written, missing);
    }
    this.#begin(0);
    return this.#out.subarray(0, written);
  }

  /** As it stands after `inputs` samples of silence. */
  #begin(inputs: number): void {
    const { up, down, half } = this.#filter;
    this.#inputs = inputs;
    this.#outputs = Math.ceil((Math.max(0, inputs - half) * up) / down);
    const next = Math.floor((this.#outputs * down) / up);
    this.#remainder = this.#outputs * down - next * up;
    this.#base = half - 1;
    this.#filled = this.#base + inputs - next;
    this.#history.fill(0, 0, this.#filled);
  }

  #makeRoom(samples: number): void {
    if (this.#out.length < samples) this.#out = new Float32Array(samples);
  }

  /** Drops inputs that no output needs any more, then adds `count` new ones. */
  #append(input: Float32Array, from: number, count: number): void {
    const spent = this.#base - this.#filter.half + 1;
    this.#history.copyWithin(0, spent, this.#filled);
    this.#base -= spent;
    this.#filled -= spent;
    for (let i = 0; i < count; i++) this.#history[this.#filled + i] = input[from + i]!;
    this.#filled += count;
  }

  /** Writes every output whose inputs are all there, up to `limit`; returns how many the output buffer holds. */
  #produce(written: number, limit: number): number {
    const { up, down, half } = this.#filter;
    let count = written;
    while (this.#base + half < this.#filled && count < limit) {
      this.#out[count++] = this.#outputAt(this.#base - half + 1);
      this.#remainder += down;
      const whole = Math.floor(this.#remainder / up);
      this.#base += whole;
      this.#remainder -= whole * up;
    }
    return count;
  }

  #outputAt(first: number): number {
    const { up, phases, taps, half } = this.#filter;
    const position = (this.#remainder * phases) / up;
    const row = Math.floor(position);
    const fraction = position - row;
    const below = dot(this.#history, first, taps, row * 2 * half, 2 * half);
    if (fraction === 0) return below;
    return below + fraction * (dot(this.#history, first, taps, (row + 1) * 2 * half, 2 * half) - below);
  }
}

/** A whole clip at another rate; `samples` itself where the rates are equal. */
export function resampleClip(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  const resampler = new Resampler(fromHz, toHz);
  if (fromHz === toHz) return samples;
  const resampled = new Float32Array(Math.ceil((samples.length * toHz) / fromHz));
  const body = resampler.push(samples);
  resampled.set(body);
  resampled.set(resampler.flush(), body.length);
  return resampled;
}

const SILENCE = new Float32Array(BLOCK);

/** Four sums in a fixed order: faster than one, and always the same bits. */
function dot(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    sum0 += a[aFrom + i]! * b[bFrom + i]!;
    sum1 += a[aFrom + i + 1]! * b[bFrom + i + 1]!;
  }
  return sum0 + sum1;
}

function filterFor(fromHz: number, toHz: number): ResamplingFilter {
  const key = `${fromHz}/${toHz}`;
  const cached = filters.get(key);
  if (cached !== undefined) return cached;
  const filter = designFilter(fromHz, toHz);
  if (filters.size >= MAX_CACHED_FILTERS) filters.delete(filters.keys().next().value!);
  filters.set(key, filter);
  return filter;
}
