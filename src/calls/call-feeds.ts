import {
  type AudioChunk,
  type CallStarted,
  type ControlRecord,
  type Leg,
  VOICE_BLOCK_MS,
} from '../ingest/index.js';

/** A record of a call that is under way; erasure is the table's. */
export type CallRecord = Exclude<AudioChunk | ControlRecord, { type: 'call.erased' }>;

export interface FeedsState {
  readonly feeds: readonly FeedState[];
  /** Media time that the longest leg has, and when the audio log took the record that said so. */
  readonly reached: { readonly mediaMs: number; readonly atMs: number };
}

/** What a call knows of a feed that brings it, or did. */
export interface FeedState {
  readonly feedId: string;
  readonly firstFeed: string;
  readonly legs: readonly Leg[];
  /** What its media time is behind that of the call, ms, a multiple of {@link VOICE_BLOCK_MS}. */
  readonly shiftMs: number;
  /** Offset of the record by which another feed took a leg of it; null while it is heard. */
  readonly replacedAt: number | null;
}

/** Feeds that came before so many others are forgotten. */
const MAX_FEEDS = 16;

/**
 * The feeds of one call, and where in the call's media time that of each begins.
 *
 * A gateway counts the media time of a call from the first feed that it saw of it. Where a gateway died, or a feed that broke
 * came back to another one, that is somewhere in the middle of the call: what such a feed brings is put where the call
 * has arrived, and the feed whose leg it brings is not heard any more.
 */
export class CallFeeds {
  #feeds: readonly FeedState[];
  #reached: FeedsState['reached'];

  constructor({ feeds, reached }: FeedsState = { feeds: [], reached: { mediaMs: 0, atMs: 0 } }) {
    this.#feeds = feeds;
    this.#reached = reached;
  }

  get state(): FeedsState {
    return { feeds: this.#feeds, reached: this.#reached };
  }

  /** @param mediaMs of the longest leg, after a record that reached the audio log at wall clock `atMs` */
  heard(mediaMs: number, atMs: number): void {
    if (mediaMs > this.#reached.mediaMs) this.#reached = { mediaMs, atMs };
  }

  /**
   * @param at where `started` stands in the audio log, and when it got there
   * @returns whether all feeds before it are replaced by it
   */
  begin(started: CallStarted, at: { readonly offset: number; readonly arrivedAtMs: number }): boolean {
    const { feedId, firstFeed, legs } = started;
    if (firstFeed === undefined) return false;
    const heard = this.#feeds.filter(({ replacedAt }) => replacedAt === null);
    const isReplaced = (feed: FeedState): boolean =>
      feed.firstFeed !== firstFeed && feed.legs.some((leg) => legs.includes(leg));
    const replaced = new Set(heard.filter(isReplaced));
    const shiftMs = this.#shiftOf(firstFeed) ?? this.#placeOf(started, replaced.size > 0, at.arrivedAtMs);
    const feeds = this.#feeds.map((feed) => (replaced.has(feed) ? { ...feed, replacedAt: at.offset } : feed));
    this.#feeds = [...feeds, { feedId, firstFeed, legs, shiftMs, replacedAt: null }].slice(-MAX_FEEDS);
    return replaced.size > 0 && heard.every((feed) => replaced.has(feed) || feed.firstFeed === firstFeed);
  }

  /** A record in the media time of the call; `undefined` where its feed was replaced before it. */
  placed<R extends CallRecord>(record: R, offset: number): R | undefined {
    const feed = this.#feeds.findLast(({ feedId }) => feedId === record.feedId);
    if (feed === undefined) return record;
    if (feed.replacedAt !== null && offset > feed.replacedAt) return undefined;
    return feed.shiftMs === 0 ? record : shifted(record, feed.shiftMs);
  }

  #shiftOf(firstFeed: string): number | undefined {
    return this.#feeds.find((feed) => feed.firstFeed === firstFeed)?.shiftMs;
  }

  /** Past what was heard, so that no window spans the change. Recordings that nobody can place begin together. */
  #placeOf({ live }: CallStarted, replaces: boolean, arrivedAtMs: number): number {
    const { mediaMs, atMs } = this.#reached;
    if (mediaMs === 0 || !(live || replaces)) return 0;
    const reachedMs = mediaMs + (live ? Math.max(0, arrivedAtMs - atMs) : 0);
    return VOICE_BLOCK_MS * (Math.floor(reachedMs / VOICE_BLOCK_MS) + 1);
  }
}

function shifted<R extends CallRecord>(record: R, byMs: number): R {
  switch (record.type) {
    case 'audio.chunk': {
      const offsetSamples = record.offsetSamples + Math.round((byMs * record.sampleRateHz) / 1000);
      return { ...record, offsetSamples };
    }
    case 'audio.lost':
      return { ...record, offsetMs: record.offsetMs + byMs };
    case 'voice.activity':
      return { ...record, firstBlock: record.firstBlock + byMs / VOICE_BLOCK_MS };
    default:
      return record;
  }
}
