import type { Bus } from '../bus/index.js';
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

/** Appends one feed's records to the audio log; the order of calls is the order on the bus. */
export class FeedLog {
  #ordinal = 0;

  constructor(
    readonly bus: Bus,
    readonly topic: string,
    readonly clock: Clock,
    readonly feed: FeedIdentity & { readonly callId: string; readonly tenant: string },
  ) {}

  /** Resolves when the record is on the bus; a full bus makes it wait. */
  async append(record: FeedRecord): Promise<void> {
    const { callId, tenant, feedId } = this.feed;
    const identity = { ordinal: this.#ordinal++, timeMs: this.clock.nowMs() };
    await this.bus.append(
      this.topic,
      encodeAudioRecord({ ...record, callId, tenant, feedId } as AudioLogRecord, identity),
    );
  }
}
