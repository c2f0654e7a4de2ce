import type { FrontEnd } from './front-end.js';

/** Where windows lie on a leg's frames and media time. */
export class WindowGrid {
  readonly #frontEnd: FrontEnd;

  constructor(frontEnd: FrontEnd) {
    this.#frontEnd = frontEnd;
  }

  firstFrame(windowIndex: number): number {
    return windowIndex * this.#frontEnd.windowHopFrames;
  }

  /** The window whose last frame is `frameIndex`, or −1 where none ends there. */
  windowEndingWith(frameIndex: number): number {
    const first = frameIndex + 1 - this.#frontEnd.windowFrames;
    return first >= 0 && first % this.#frontEnd.windowHopFrames === 0
      ? first / this.#frontEnd.windowHopFrames
      : -1;
  }

  /** First sample of the window, counted from the leg's first. */
  startSample(windowIndex: number): number {
    return this.firstFrame(windowIndex) * this.#frontEnd.hopLength;
  }

  /** One past the last sample that the window's last frame needs. */
  endSample(windowIndex: number): number {
    const lastFrame = this.firstFrame(windowIndex) + this.#frontEnd.windowFrames - 1;
    const { hopLength, nFft, center } = this.#frontEnd;
    return lastFrame * hopLength + (center ? nFft / 2 : nFft);
  }

  startMs(windowIndex: number): number {
    return (this.startSample(windowIndex) * 1000) / this.#frontEnd.sampleRateHz;
  }

  endMs(windowIndex: number): number {
    return (this.endSample(windowIndex) * 1000) / this.#frontEnd.sampleRateHz;
  }
}
