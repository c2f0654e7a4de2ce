/** Seconds of the rate that may come at once, as after a hiccup of the network. */
const BURST_SECONDS = 2;

/** A token bucket: how many messages a feed may still send now. */
export class MessageBudget {
  #tokens: number;
  #atMs: number;

  constructor(
    readonly perSecond: number,
    nowMs: number,
  ) {
    this.#tokens = perSecond * BURST_SECONDS;
    this.#atMs = nowMs;
  }

  /** Counts one message. @returns how long the next should wait, milliseconds; 0 while the budget lasts. */
  take(nowMs: number): number {
    const earned = ((nowMs - this.#atMs) / 1000) * this.perSecond;
    this.#tokens = Math.min(this.perSecond * BURST_SECONDS, this.#tokens + earned) - 1;
    this.#atMs = nowMs;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.perSecond) * 1000;
  }
}
