import { UndertoneError } from '../errors.js';
import type { BusRecord, PartitionReader, ResultRecord } from './bus.js';
import type { MemoryPartition } from './memory-partition.js';

/** Writes results to one partition of their topics. */
export type WriteResults = (partition: number, results: readonly ResultRecord[]) => Promise<void>;

/** Whose reading it is: a group's with its offsets, or one that only watches, from a moment on. */
export type Reading =
  | { readonly group: string; readonly write: WriteResults; readonly onAbandoned: () => void }
  | { readonly group: null; readonly sinceMs: number };

/**
 * A group member's view of one partition it owns, or a watcher's.
 *
 * Its life: reading, then stopped (reads give `[]`, commits still count, so that work in flight can end well), then
 * fenced (commits are refused, because another member may own the partition).
 */
export class MemoryReader implements PartitionReader {
  #position: number;
  #life: 'reading' | 'stopped' | 'fenced' = 'reading';
  #wake: (() => void) | undefined;
  readonly #unwatch: () => void;

  constructor(
    readonly source: MemoryPartition,
    readonly reading: Reading,
  ) {
    this.#position =
      reading.group === null ? source.offsetSince(reading.sinceMs) : source.join(reading.group);
    this.#unwatch = source.watch(() => this.#wake?.());
  }

  get topic(): string {
    return this.source.topic;
  }

  get partition(): number {
    return this.source.index;
  }

  get position(): number {
    return this.#position;
  }

  async endOffset(): Promise<number> {
    return this.source.nextOffset;
  }

  async read(maxRecords: number): Promise<readonly BusRecord[]> {
    if (this.#wake)
      throw new UndertoneError('UT_INTERNAL', 'a reader was read twice at once.', { place: this.topic });
    const ready = this.#take(maxRecords);
    if (ready.length > 0 || this.#life !== 'reading') return ready;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    return this.#take(maxRecords);
  }

  async commit(nextOffset: number, results: readonly ResultRecord[] = []): Promise<void> {
    const place = `${this.topic}/${this.partition}`;
    if (this.reading.group === null) {
      throw new UndertoneError('UT_INTERNAL', 'a follower has no offsets to commit.', { place });
    }
    if (this.#life === 'fenced') {
      throw new UndertoneError('UT_BUS_FENCED', `${this.reading.group} no longer owns it here.`, { place });
    }
    this.source.checkOffset(this.reading.group, nextOffset);
    if (results.length > 0) await this.reading.write(this.partition, results);
    this.source.commit(this.reading.group, nextOffset);
  }

  abandon(): void {
    const wasReading = this.#life === 'reading';
    this.fence();
    if (wasReading && this.reading.group !== null) this.reading.onAbandoned();
  }

  stop(): void {
    if (this.#life === 'reading') this.#life = 'stopped';
    this.#unwatch();
    this.#wake?.();
  }

  fence(): void {
    this.stop();
    this.#life = 'fenced';
  }

  #take(maxRecords: number): readonly BusRecord[] {
    if (this.#life !== 'reading') return [];
    const { records, skipped } = this.source.slice(this.#position, maxRecords);
    this.#position += skipped + records.length;
    if (skipped > 0)
      this.source.observer.skipped(this.topic, this.partition, this.reading.group ?? 'followers', skipped);
    return records;
  }
}
