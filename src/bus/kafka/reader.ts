import { UndertoneError } from '../../errors.js';
import type { BusRecord, PartitionReader, ResultRecord } from '../bus.js';
import { recordBytes } from './record-size.js';

/** What a reader needs from the client that feeds it. */
export interface Feed {
  pause(): void;
  resume(): void;
  endOffset(): Promise<number>;
  commit(nextOffset: number, results: readonly ResultRecord[]): Promise<void>;
  /** The reader is fenced, because its owner can't go on. */
  abandon(error: unknown): void;
}

/** What may wait in this process for the owner of one partition. */
export interface ReadAheadLimits {
  readonly readAheadRecords: number;
  readonly readAheadBytes: number;
}

/**
 * One partition as its owner sees it, behind a queue that the client fills.
 *
 * What always holds: records come in offset order, each once; the queue holds its limits and one fetch at most, because
 * the feed pauses at either of them and goes on below half of both. Its life: reading, then stopped (reads give `[]`,
 * commits still count, so that work in flight can end well), then fenced (commits are refused).
 */
export class KafkaReader implements PartitionReader {
  #position: number;
  #life: 'reading' | 'stopped' | 'fenced' = 'reading';
  #wake: (() => void) | undefined;
  #batches: (readonly BusRecord[])[] = [];
  #queued = 0;
  #queuedBytes = 0;
  /** Nothing visible stands between the newest record offered and this offset. */
  #visibleTo = 0;
  #paused = false;

  constructor(
    readonly topic: string,
    readonly partition: number,
    startOffset: number,
    readonly limits: ReadAheadLimits,
    readonly feed: Feed,
  ) {
    this.#position = startOffset;
  }

  get position(): number {
    return this.#position;
  }

  endOffset(): Promise<number> {
    return this.feed.endOffset();
  }

  async read(maxRecords: number): Promise<readonly BusRecord[]> {
    if (this.#wake)
      throw new UndertoneError('UT_INTERNAL', 'a reader was read twice at once.', { place: this.topic });
    if (this.#queued === 0 && this.#life === 'reading') {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return this.#take(Math.max(1, maxRecords));
  }

  async commit(nextOffset: number, results: readonly ResultRecord[] = []): Promise<void> {
    const place = `${this.topic}/${this.partition}`;
    if (this.#life === 'fenced') {
      throw new UndertoneError('UT_BUS_FENCED', 'this reader does not own the partition any more.', {
        place,
      });
    }
    if (!Number.isInteger(nextOffset) || nextOffset < 0 || nextOffset > this.#position) {
      const detail = `${nextOffset} was committed, but the next record to be read is ${this.#position}.`;
      throw new UndertoneError('UT_BUS_BAD_OFFSET', detail, { place });
    }
    await this.feed.commit(nextOffset, results);
  }

  abandon(error: unknown): void {
    this.fence();
    this.feed.abandon(error);
  }

  /** Takes fetched records in; they follow those that came before. */
  offer(records: readonly BusRecord[]): void {
    if (this.#life !== 'reading' || records.length === 0) return;
    this.#batches.push(records);
    this.#queued += records.length;
    this.#queuedBytes += bytesOf(records);
    if (!this.#paused && this.#fills(1)) {
      this.#paused = true;
      this.feed.pause();
    }
    this.#wake?.();
  }

  /** Nothing visible stands before `offset` but what was offered. */
  advance(offset: number): void {
    this.#visibleTo = offset;
    this.#passInvisible();
  }

  stop(): void {
    if (this.#life === 'reading') this.#life = 'stopped';
    this.#batches = [];
    this.#queued = 0;
    this.#queuedBytes = 0;
    this.#wake?.();
  }

  fence(): void {
    this.stop();
    this.#life = 'fenced';
  }

  /** Behind the last record there may be markers of transactions, which nobody is given. */
  #passInvisible(): void {
    if (this.#queued === 0) this.#position = Math.max(this.#position, this.#visibleTo);
  }

  #fills(share: number): boolean {
    const { readAheadRecords, readAheadBytes } = this.limits;
    return this.#queued >= readAheadRecords * share || this.#queuedBytes >= readAheadBytes * share;
  }

  #take(maxRecords: number): readonly BusRecord[] {
    const first = this.#batches[0];
    if (first === undefined) return [];
    const records = first.length <= maxRecords ? first : first.slice(0, maxRecords);
    if (records === first) this.#batches.shift();
    else this.#batches[0] = first.slice(maxRecords);
    this.#queued -= records.length;
    this.#queuedBytes -= bytesOf(records);
    this.#position = records.at(-1)!.offset + 1;
    this.#passInvisible();
    if (this.#paused && !this.#fills(0.5)) {
      this.#paused = false;
      this.feed.resume();
    }
    return records;
  }
}

function bytesOf(records: readonly BusRecord[]): number {
  return records.reduce((sum, record) => sum + recordBytes(record), 0);
}
