import type { CancelTimer } from '../clock.js';
import type { Leg, Notice } from './audio-log.js';
import type { CallPause } from './call-pause.js';
import type { FeedLog } from './feed-log.js';
import { LegClock } from './leg-clock.js';
import type { LegWriter } from './leg-writer.js';

/** What the first feed of a call says of it, and holds for all. */
export interface CallFacts {
  readonly callId: string;
  readonly tenant: string;
  readonly notice: Notice;
  readonly firstFeed: string;
  /** Not a recording. */
  readonly live: boolean;
  /** Wall clock when the first feed came. */
  readonly startedAtMs: number;
}

/** One call as the gateway knows it, from its first feed until it has ended. */
export class LiveCall {
  /** The log of the feed that came last: where the end of the call is written. */
  log: FeedLog | undefined;
  /** Set while the call waits for a feed to come back. */
  cancelGrace: CancelTimer | undefined;
  readonly writers = new Set<LegWriter>();
  readonly #feeds = new Map<string, readonly Leg[]>();
  readonly #clocks = new Map<Leg, LegClock>();

  constructor(
    readonly facts: CallFacts,
    readonly pause: CallPause,
  ) {}

  get callId(): string {
    return this.facts.callId;
  }

  get tenant(): string {
    return this.facts.tenant;
  }

  get feedCount(): number {
    return this.#feeds.size;
  }

  /** Media time of the leg that is longest. */
  get longestMs(): number {
    return Math.max(0, ...[...this.#clocks.values()].map(({ offsetMs }) => offsetMs));
  }

  /** Media time that the legs heard so far have reached at a wall clock; `undefined` while none was heard. */
  reachedMs(atMs: number): number | undefined {
    const reached = [...this.#clocks.values()].flatMap((clock) => clock.reachedMs(atMs) ?? []);
    return reached.length > 0 ? Math.max(...reached) : undefined;
  }

  /** The first of `legs` that another live feed delivers. */
  takenLeg(legs: readonly Leg[]): Leg | undefined {
    const taken = new Set([...this.#feeds.values()].flat());
    return legs.find((leg) => taken.has(leg));
  }

  addFeed(feedId: string, legs: readonly Leg[]): void {
    this.#feeds.set(feedId, legs);
    this.pause.inherit(feedId, legs);
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

  /** A pause is over at wall clock `atMs`: media time went on by its length, and goes on from here. */
  goOn(pausedMs: number, atMs: number): void {
    for (const clock of this.#clocks.values()) {
      clock.skip(pausedMs);
      clock.stoodStillUntil(atMs);
    }
    for (const writer of this.writers) writer.jumped();
  }
}
