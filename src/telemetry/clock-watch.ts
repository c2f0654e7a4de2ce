import type { CancelTimer, Clock } from '../clock.js';

const LOOK_EVERY_MS = 5_000;
/** Clocks that are kept right are moved by much less between two looks. */
const SET_MS = 1_000;

export interface ClockWatchOptions {
  /** That of the process, which never leaps. */
  readonly clock: Clock;
  /** What the machine says the time is, milliseconds since the epoch. */
  readonly wallMs: () => number;
  /** @param offsetMs of the machine's clock, against that of the process; positive: it is ahead */
  readonly onLook: (offsetMs: number) => void;
  /** The machine's clock was set since the last look. */
  readonly onSet: (byMs: number, offsetMs: number) => void;
}

/**
 * Notices that somebody set the clock of the machine, or that the machine slept. The process goes on by the time that it
 * began with, so that no delay, time-out or cool-down changes; from then on its times differ from those of others.
 */
export class ClockWatch {
  readonly #options: ClockWatchOptions;
  #offsetMs: number;
  #cancel: CancelTimer = () => {};

  constructor(options: ClockWatchOptions) {
    this.#options = options;
    this.#offsetMs = this.#measure();
  }

  start(): void {
    this.#look();
    this.#cancel = this.#options.clock.setTimer(() => this.start(), LOOK_EVERY_MS);
  }

  stop(): void {
    this.#cancel();
  }

  #look(): void {
    const { onLook, onSet } = this.#options;
    const offsetMs = this.#measure();
    onLook(offsetMs);
    const byMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(byMs) > SET_MS) onSet(byMs, offsetMs);
  }

  #measure(): number {
    return this.#options.wallMs() - this.#options.clock.nowMs();
  }
}
