import type { BusWriter } from '../bus/index.js';
import type { Clock } from '../clock.js';
import type { AudioLogRecord } from './audio-log.js';
import { encodeAudioRecord } from './audio-record.js';
import type { FeedIdentity } from './observer.js';

/** A record without what is the same for all records of a feed. */
export type FeedRecord = AudioLogRecord extends infer R
  ? R extends AudioLogRecord
    ? Omit<R, 'callId' | 'tenant' | 'feedId'>
    : never
  : never;

/** Appends of one feed that may be under way: a second and more of both legs, while a broker answers within milliseconds. */
const MAX_UNDER_WAY = 16;

/**
 * Appends one feed's records to the audio log; the order of calls is the order on the bus.
 *
 * Always holds: at most {@link MAX_UNDER_WAY} appends are under way; after one has failed every later one fails too.
 */
export class FeedLog {
  #ordinal = 0;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(
    readonly bus: BusWriter,
    readonly topic: string,
    readonly clock: Clock,
    readonly feed: FeedIdentity & { readonly callId: string; readonly tenant: string },
    /** Told once, of the first append that fails. */
    readonly onFailed: (error: unknown) => void,
  ) {}

  /** Begins to append. Resolves when the next record may come, which on a full or slow bus takes a while. */
  async append(record: FeedRecord): Promise<void> {
    this.#throwFailure();
    const appending = this.#append(record).then(
      () => void this.#underWay.delete(appending),
      (error: unknown) => {
        this.#underWay.delete(appending);
        if (this.#failure !== undefined) return;
        this.#failure = { error };
        this.onFailed(error);
      },
    );
    this.#underWay.add(appending);
    while (this.#underWay.size >= MAX_UNDER_WAY) await Promise.race(this.#underWay);
    this.#throwFailure();
  }

  /** Resolves when all records are on the bus; rejects with what the first failed one was rejected with. */
  async drained(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #append(record: FeedRecord): Promise<void> {
    const { callId, tenant, feedId } = this.feed;
    const identity = { ordinal: this.#ordinal++, timeMs: this.clock.nowMs() };
    await this.bus.append(
      this.topic,
      encodeAudioRecord({ ...record, callId, tenant, feedId } as AudioLogRecord, identity),
    );
  }
}
