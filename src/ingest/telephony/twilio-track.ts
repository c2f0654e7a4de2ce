import { MAX_STATED_MS } from './feed-event.js';

const BYTES_PER_MS = 8;
const WHOLE_NUMBER = /^\d{1,15}$/;

/** What the chunk number of a media message says about the messages before it. */
export interface ChunkVerdict {
  /** Media time that is missing before this chunk; 0 where nothing is. */
  readonly lostMs: number;
  /** The numbers jumped in a way that can not be loss; counting starts anew. */
  readonly renumbered: boolean;
}

const NOTHING_LOST: ChunkVerdict = { lostMs: 0, renumbered: false };
const RENUMBERED: ChunkVerdict = { lostMs: 0, renumbered: true };

/**
 * Finds lost messages on one track. Chunk numbers grow by one a message; a jump means the chunks between are lost,
 * each as long as the last one heard. The first number is taken as it is. `timestamp` is not consulted: senders
 * exist whose timestamps disagree with their audio by a factor of four.
 */
export class TwilioTrackCounter {
  #next: number | undefined;
  #chunkMs = 0;

  /** @param chunk the field as sent: a string of digits, or a number. */
  take(chunk: unknown, bytes: number): ChunkVerdict {
    const number = chunkNumber(chunk);
    const expected = this.#next;
    const lostMs = number === undefined || expected === undefined ? 0 : (number - expected) * this.#chunkMs;
    this.#next = number === undefined ? undefined : number + 1;
    this.#chunkMs = bytes / BYTES_PER_MS;
    if (lostMs === 0) return NOTHING_LOST;
    return lostMs > 0 && lostMs <= MAX_STATED_MS ? { lostMs, renumbered: false } : RENUMBERED;
  }
}

function chunkNumber(chunk: unknown): number | undefined {
  if (typeof chunk === 'number' && Number.isSafeInteger(chunk)) return chunk;
  return typeof chunk === 'string' && WHOLE_NUMBER.test(chunk) ? Number(chunk) : undefined;
}
