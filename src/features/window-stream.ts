import { FrameRing } from './frame-ring.js';
import { type FrontEnd, inputLengthOf } from './front-end.js';
import { LogMel } from './log-mel.js';
import { sharedWindow, silenceDb, toModelInput } from './window.js';
import { WindowGrid } from './window-grid.js';

/**
 * A leg's samples in, windows out: frames, the ring that keeps one window of them, and the grid of windows.
 *
 * Always holds: a window is announced at the very sample that completes it, only if none of its frames is missing,
 * and its snapshot can be taken until the next frame is made, that is within the announcement.
 */
export class WindowStream {
  readonly sampleRateHz: number;
  /** Values of one input of the model. */
  readonly windowLength: number;
  readonly #frontEnd: FrontEnd;
  readonly #grid: WindowGrid;
  readonly #logMel: LogMel;
  readonly #ring: FrameRing;
  #announce: (windowIndex: number) => void = () => {};

  constructor(frontEnd: FrontEnd) {
    this.sampleRateHz = frontEnd.sampleRateHz;
    this.windowLength = inputLengthOf(frontEnd);
    this.#frontEnd = frontEnd;
    this.#grid = new WindowGrid(frontEnd);
    this.#logMel = new LogMel(frontEnd);
    this.#ring = new FrameRing(frontEnd.windowFrames, frontEnd.nMels);
  }

  /** @param onWindow called with the index of each window that these samples complete */
  push(samples: Float32Array, onWindow: (windowIndex: number) => void): void {
    this.#announce = onWindow;
    this.#logMel.push(samples, this.#keep);
  }

  /** Goes on after a hole, at sample `sampleIndex` of the leg: no window spans what lies before. */
  skipTo(sampleIndex: number): void {
    this.#ring.clear();
    this.#logMel.skipTo(sampleIndex);
  }

  /** Writes the model's input for a window that is being announced to `out` [windowLength]. */
  snapshot(windowIndex: number, out: Float32Array): void {
    const window = sharedWindow(this.#frontEnd);
    this.#ring.copy(this.#grid.firstFrame(windowIndex), this.#frontEnd.windowFrames, window);
    toModelInput(this.#frontEnd, window, out);
  }

  /** The same for a leg that ended early: the frames there are, then silence. */
  snapshotPartial(out: Float32Array): void {
    const { fromFrame, count } = this.#ring.present;
    const window = sharedWindow(this.#frontEnd);
    window.fill(silenceDb(this.#frontEnd));
    this.#ring.copy(fromFrame, count, window);
    toModelInput(this.#frontEnd, window, out);
  }

  startMs(windowIndex: number): number {
    return this.#grid.startMs(windowIndex);
  }

  endMs(windowIndex: number): number {
    return this.#grid.endMs(windowIndex);
  }

  /** How many windows end at or before sample `sampleCount` of the leg. */
  windowsEndingBy(sampleCount: number): number {
    const hop = this.#frontEnd.windowHopFrames * this.#frontEnd.hopLength;
    return Math.max(0, Math.floor((sampleCount - this.#grid.endSample(0)) / hop) + 1);
  }

  readonly #keep = (frameIndex: number, frame: Float32Array): void => {
    this.#ring.push(frameIndex, frame);
    const windowIndex = this.#grid.windowEndingWith(frameIndex);
    if (windowIndex < 0) return;
    if (this.#ring.has(this.#grid.firstFrame(windowIndex), this.#frontEnd.windowFrames))
      this.#announce(windowIndex);
  };
}
