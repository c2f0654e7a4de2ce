import { UndertoneError } from '../errors.js';
import { createRealFft, type RealFft } from './fft.js';
import type { FrontEnd } from './front-end.js';
import { MelBank } from './mel-bank.js';

/**
 * What every leg with the same front end shares: tables and scratch space for one frame.
 *
 * Always holds: a frame is computed in one go on one thread, so legs that take turns never see each other's scratch.
 */
export class FramePlan {
  readonly #frontEnd: FrontEnd;
  readonly #fft: RealFft;
  readonly #bank: MelBank;
  readonly #window: Float64Array;
  readonly #windowed: Float64Array;
  readonly #spectrum: Float64Array;
  readonly #mel: Float64Array;
  readonly #frame: Float32Array;

  private constructor(frontEnd: FrontEnd) {
    assertComputable(frontEnd);
    this.#frontEnd = frontEnd;
    this.#fft = createRealFft(frontEnd.nFft);
    this.#bank = new MelBank(frontEnd);
    this.#window = paddedHann(frontEnd.winLength, frontEnd.nFft);
    this.#windowed = new Float64Array(frontEnd.nFft);
    this.#spectrum = new Float64Array(frontEnd.nFft / 2 + 1);
    this.#mel = new Float64Array(frontEnd.nMels);
    this.#frame = new Float32Array(frontEnd.nMels);
  }

  /** The plan of a front end, made once. @throws UT_FEATURES_BAD_FRONT_END */
  static of(frontEnd: FrontEnd): FramePlan {
    let plan = plans.get(frontEnd);
    if (plan === undefined) {
      plan = new FramePlan(frontEnd);
      plans.set(frontEnd, plan);
    }
    return plan;
  }

  /**
   * @param samples Float32Array [nFft]
   * @returns dB values [nMels], valid until the next frame of any leg
   */
  frame(samples: Float32Array): Float32Array {
    const { nFft, power, amin, dbReference } = this.#frontEnd;
    for (let i = 0; i < nFft; i++) this.#windowed[i] = samples[i]! * this.#window[i]!;
    this.#fft.powerSpectrum(this.#windowed, this.#spectrum);
    if (power === 1) for (let k = 0; k <= nFft / 2; k++) this.#spectrum[k] = Math.sqrt(this.#spectrum[k]!);
    this.#bank.apply(this.#spectrum, this.#mel);
    const reference = dbReference.kind === 'fixed' ? Math.max(amin, dbReference.value) : 1;
    for (let m = 0; m < this.#mel.length; m++) {
      this.#frame[m] = 10 * Math.log10(Math.max(amin, this.#mel[m]!) / reference);
    }
    return this.#frame;
  }
}

const plans = new WeakMap<FrontEnd, FramePlan>();

/** Periodic Hann window (scipy.signal.get_window("hann")), zero-padded on both sides to `nFft`. */
function paddedHann(winLength: number, nFft: number): Float64Array {
  const window = new Float64Array(nFft);
  const left = Math.floor((nFft - winLength) / 2);
  for (let i = 0; i < winLength; i++) window[left + i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / winLength);
  return window;
}

function assertComputable(frontEnd: FrontEnd): void {
  const { nFft, winLength, hopLength, nMels, fMinHz, fMaxHz, sampleRateHz, deltaWidth } = frontEnd;
  const refuse = (field: string, detail: string) => {
    throw new UndertoneError('UT_FEATURES_BAD_FRONT_END', detail, { place: `frontEnd.${field}` });
  };
  if (nFft < 4 || (nFft & (nFft - 1)) !== 0) refuse('nFft', `${nFft} is not a power of two of at least 4.`);
  if (winLength < 1 || winLength > nFft) refuse('winLength', `${winLength} is outside 1…nFft (${nFft}).`);
  if (hopLength < 1 || hopLength > nFft) refuse('hopLength', `${hopLength} is outside 1…nFft (${nFft}).`);
  if (nMels < 1) refuse('nMels', `${nMels} bands.`);
  if (deltaWidth !== undefined && (deltaWidth < 3 || deltaWidth % 2 !== 1))
    refuse('deltaWidth', `${deltaWidth} is not an odd number of at least 3.`);
  if (!(fMinHz >= 0 && fMinHz < fMaxHz)) refuse('fMinHz', `${fMinHz} Hz is not below fMaxHz (${fMaxHz} Hz).`);
  if (fMaxHz > sampleRateHz / 2) refuse('fMaxHz', `${fMaxHz} Hz is above half of ${sampleRateHz} Hz.`);
}
