import { UndertoneError } from '../errors.js';
import { createRealFft, type RealFft } from './fft.js';
import type { FrontEnd } from './front-end.js';
import { MelBank } from './mel-bank.js';

/** Receives each frame once: its index and dB values [nMels]; the array is reused for the next frame. */
export type FrameListener = (frameIndex: number, frame: Float32Array) => void;

/**
 * Streaming log-Mel front end of one leg.
 *
 * Always holds: frame i is computed from the samples [start(i), start(i) + nFft) of the leg alone, where start(i) is
 * i·hopLength (minus nFft/2 when centred). So any cut of the input into chunks gives bit-identical frames, and after
 * a hole the frames that would touch it are missing while all later ones keep their index.
 * Nothing is allocated once it is constructed.
 */
export class LogMel {
  readonly #frontEnd: FrontEnd;
  readonly #fft: RealFft;
  readonly #bank: MelBank;
  readonly #window: Float64Array;
  /** Samples from start(#frameIndex) on, #filled of them known. */
  readonly #pending: Float64Array;
  readonly #windowed: Float64Array;
  readonly #spectrum: Float64Array;
  readonly #mel: Float64Array;
  readonly #frame: Float32Array;
  #filled = 0;
  /** Samples still to be thrown away before #pending begins; > 0 only after {@link skipTo}. */
  #discard = 0;
  #frameIndex = 0;

  constructor(frontEnd: FrontEnd) {
    assertComputable(frontEnd);
    this.#frontEnd = frontEnd;
    this.#fft = createRealFft(frontEnd.nFft);
    this.#bank = new MelBank(frontEnd);
    this.#window = paddedHann(frontEnd.winLength, frontEnd.nFft);
    this.#pending = new Float64Array(frontEnd.nFft);
    this.#windowed = new Float64Array(frontEnd.nFft);
    this.#spectrum = new Float64Array(frontEnd.nFft / 2 + 1);
    this.#mel = new Float64Array(frontEnd.nMels);
    this.#frame = new Float32Array(frontEnd.nMels);
    this.#filled = frontEnd.center ? frontEnd.nFft / 2 : 0;
  }

  /** Index of the frame that will be emitted next. */
  get nextFrameIndex(): number {
    return this.#frameIndex;
  }

  /** @param samples PCM of the leg that follows what was pushed before, nominal range −1…1. */
  push(samples: Float32Array, emit: FrameListener): void {
    let at = Math.min(this.#discard, samples.length);
    this.#discard -= at;
    while (at < samples.length) {
      const taken = Math.min(this.#pending.length - this.#filled, samples.length - at);
      for (let i = 0; i < taken; i++) this.#pending[this.#filled + i] = samples[at + i]!;
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#pending.length) this.#emitFrame(emit);
    }
  }

  /** Goes on after a hole: the next sample pushed is sample `sampleIndex` of the leg. */
  skipTo(sampleIndex: number): void {
    const { hopLength, nFft, center } = this.#frontEnd;
    const lead = center ? nFft / 2 : 0;
    this.#frameIndex = Math.max(this.#frameIndex, Math.ceil((sampleIndex + lead) / hopLength));
    this.#discard = this.#frameIndex * hopLength - lead - sampleIndex;
    this.#filled = 0;
  }

  /** At the end of a centred leg: emits the last frames, padded with zeros. */
  flush(emit: FrameListener): void {
    if (this.#frontEnd.center) this.push(new Float32Array(this.#frontEnd.nFft / 2), emit);
  }

  #emitFrame(emit: FrameListener): void {
    this.#computeFrame();
    const index = this.#frameIndex++;
    this.#pending.copyWithin(0, this.#frontEnd.hopLength);
    this.#filled -= this.#frontEnd.hopLength;
    emit(index, this.#frame);
  }

  #computeFrame(): void {
    const { nFft, power, amin, dbReference } = this.#frontEnd;
    for (let i = 0; i < nFft; i++) this.#windowed[i] = this.#pending[i]! * this.#window[i]!;
    this.#fft.powerSpectrum(this.#windowed, this.#spectrum);
    if (power === 1) for (let k = 0; k <= nFft / 2; k++) this.#spectrum[k] = Math.sqrt(this.#spectrum[k]!);
    this.#bank.apply(this.#spectrum, this.#mel);
    const reference = dbReference.kind === 'fixed' ? Math.max(amin, dbReference.value) : 1;
    for (let m = 0; m < this.#mel.length; m++) {
      this.#frame[m] = 10 * Math.log10(Math.max(amin, this.#mel[m]!) / reference);
    }
  }
}

/** Periodic Hann window (scipy.signal.get_window("hann")), zero-padded on both sides to `nFft`. */
function paddedHann(winLength: number, nFft: number): Float64Array {
  const window = new Float64Array(nFft);
  const left = Math.floor((nFft - winLength) / 2);
  for (let i = 0; i < winLength; i++) window[left + i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / winLength);
  return window;
}

function assertComputable(frontEnd: FrontEnd): void {
  const { nFft, winLength, hopLength, nMels, fMinHz, fMaxHz, sampleRateHz } = frontEnd;
  const refuse = (field: string, detail: string) => {
    throw new UndertoneError('UT_FEATURES_BAD_FRONT_END', detail, { place: `frontEnd.${field}` });
  };
  if (nFft < 4 || (nFft & (nFft - 1)) !== 0) refuse('nFft', `${nFft} is not a power of two of at least 4.`);
  if (winLength < 1 || winLength > nFft) refuse('winLength', `${winLength} is outside 1…nFft (${nFft}).`);
  if (hopLength < 1 || hopLength > nFft) refuse('hopLength', `${hopLength} is outside 1…nFft (${nFft}).`);
  if (nMels < 1) refuse('nMels', `${nMels} bands.`);
  if (!(fMinHz >= 0 && fMinHz < fMaxHz)) refuse('fMinHz', `${fMinHz} Hz is not below fMaxHz (${fMaxHz} Hz).`);
  if (fMaxHz > sampleRateHz / 2) refuse('fMaxHz', `${fMaxHz} Hz is above half of ${sampleRateHz} Hz.`);
}
