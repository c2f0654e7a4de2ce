import type { CancelTimer } from '../clock.js';
import type { Leg } from './audio-log.js';
import type { FeedLog } from './feed-log.js';
import { LegClock } from './leg-clock.js';
import type { LegWriter } from './leg-writer.js';

/** One call as the gateway knows it, from its first feed until it has ended. */
export class LiveCall {
  /** The log of the feed that came last: where the end of the call is written. */
  log: FeedLog | undefined;
  /** Set while the call waits for a feed to come back. */
  cancelGrace: CancelTimer | undefined;
  readonly writers = new Set<LegWriter>();
  readonly #feeds = new Map<string, readonly Leg[]>();
  readonly #clocks = new Map<Leg, LegClock>();
  readonly #pausing = new Set<string>();
  #pauseMs = 0;

  constructor(
    readonly callId: string,
    readonly tenant: string,
  ) {}

  get feedCount(): number {
    return this.#feeds.size;
  }

  get paused(): boolean {
    return this.#pausing.size > 0;
  }

  /** The first of `legs` that another live feed delivers. */
  takenLeg(legs: readonly Leg[]): Leg | undefined {
    const taken = new Set([...this.#feeds.values()].flat());
    return legs.find((leg) => taken.has(leg));
  }

  addFeed(feedId: string, legs: readonly Leg[]): void {
    this.#feeds.set(feedId, legs);
  }

  removeFeed(feedId: string): void {
    this.#feeds.delete(feedId);
  }

  clockOf(leg: Leg, sampleRateHz: number): LegClock {
    const clock = this.#clocks.get(leg) ?? new LegClock(sampleRateHz);
    clock.useRate(sampleRateHz);
    this.#clocks.set(leg, clock);
    return clock;
  }

  /** @returns whether the call was not paused before. */
  pause(feedId: string): boolean {
    const begins = !this.paused;
    this.#pausing.add(feedId);
    return begins;
  }

  /** @returns how long the pause was if it is over now: it lasts until every feed that announced it has resumed. */
  resume(feedId: string, durationMs: number): number | undefined {
    if (!this.#pausing.delete(feedId)) return undefined;
    this.#pauseMs = Math.max(this.#pauseMs, durationMs);
    if (this.paused) return undefined;
    const pausedMs = this.#pauseMs;
    this.#pauseMs = 0;
    for (const clock of this.#clocks.values()) clock.skip(pausedMs);
    for (const writer of this.writers) writer.jumped();
    return pausedMs;
  }
}
