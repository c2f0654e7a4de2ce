import type { CancelTimer, Clock } from '../clock.js';

/** Tells when nothing has happened for too long; one timer, however often {@link heard} is called. */
export class SilenceWatch {
  #heardAtMs: number;
  #cancel: CancelTimer;

  /**
   * @param allowedMs how long silence may last at the moment; asked anew at every check.
   * @param onSilent is called once, with the length that was allowed.
   */
  constructor(
    readonly clock: Clock,
    readonly allowedMs: () => number,
    readonly onSilent: (allowedMs: number) => void,
  ) {
    this.#heardAtMs = clock.nowMs();
    this.#cancel = clock.setTimer(() => this.#check(), allowedMs());
  }

  heard(): void {
    this.#heardAtMs = this.clock.nowMs();
  }

  stop(): void {
    this.#cancel();
  }

  #check(): void {
    const allowedMs = this.allowedMs();
    const leftMs = this.#heardAtMs + allowedMs - this.clock.nowMs();
    if (leftMs <= 0) this.onSilent(allowedMs);
    else this.#cancel = this.clock.setTimer(() => this.#check(), leftMs);
  }
}
