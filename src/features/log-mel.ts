import { FramePlan } from './frame-plan.js';
import type { FrontEnd } from './front-end.js';

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
  readonly #plan: FramePlan;
  /** Samples from start(#frameIndex) on, #filled of them known. */
  readonly #pending: Float32Array;
  #filled: number;
  /** Samples still to be thrown away before #pending begins; > 0 only after {@link skipTo}. */
  #discard = 0;
  #frameIndex = 0;

  /** @throws UT_FEATURES_BAD_FRONT_END */
  constructor(frontEnd: FrontEnd) {
    this.#frontEnd = frontEnd;
    this.#plan = FramePlan.of(frontEnd);
    this.#pending = new Float32Array(frontEnd.nFft);
    this.#filled = frontEnd.center ? frontEnd.nFft / 2 : 0;
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
    const frame = this.#plan.frame(this.#pending);
    this.#pending.copyWithin(0, this.#frontEnd.hopLength);
    this.#filled -= this.#frontEnd.hopLength;
    emit(this.#frameIndex++, frame);
  }
}
