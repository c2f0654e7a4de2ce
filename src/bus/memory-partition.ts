import type { Clock } from '../clock.js';
import { UndertoneError } from '../errors.js';
import type { BusRecord, NewRecord, RecordPosition, TopicSettings } from './bus.js';
import type { BusObserver } from './observer.js';

/** Freed slots at the head of the record array that are worth moving the rest for. */
const COMPACT_AFTER = 1024;

interface WaitingAppend {
  readonly record: NewRecord;
  readonly bytes: number;
  readonly sinceMs: number;
  readonly resolve: (position: RecordPosition) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One partition's records, in offset order.
 *
 * What always holds: records `baseOffset … nextOffset - 1` are kept, and none else; records and bytes kept stay within
 * the settings; waiting appends are let in first come, first served; with `until-committed`, a record at or after
 * the committed offset of any group is kept.
 */
export class MemoryPartition {
  #records: (BusRecord | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  #baseOffset = 0;
  #closed = false;
  readonly #sizes: number[] = [];
  readonly #committed = new Map<string, number>();
  readonly #waiting: WaitingAppend[] = [];
  readonly #onAppend = new Set<() => void>();

  constructor(
    readonly topic: string,
    readonly index: number,
    readonly settings: TopicSettings,
    readonly clock: Clock,
    readonly observer: BusObserver,
  ) {}

  get nextOffset(): number {
    return this.#baseOffset + this.#count;
  }

  get usage(): { records: number; bytes: number; waitingAppends: number } {
    return {
      records: this.#count,
      bytes: this.#bytes,
      waitingAppends: this.#waiting.length,
    };
  }

  get #count(): number {
    return this.#records.length - this.#head;
  }

  append(record: NewRecord, bytes: number): Promise<RecordPosition> {
    if (this.settings.retention === 'newest') this.#dropUntilFits(bytes);
    if (this.#waiting.length === 0 && this.#fits(bytes)) return Promise.resolve(this.#push(record, bytes, 0));
    this.observer.appendWaits(this.topic, this.index);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, bytes, sinceMs: this.clock.nowMs(), resolve, reject });
    });
  }

  /** Makes the partition keep records for `group`; returns where a reader of it starts. */
  join(group: string): number {
    const committed = Math.max(this.#committed.get(group) ?? 0, this.#baseOffset);
    this.#committed.set(group, committed);
    return committed;
  }

  /** Up to `maxRecords` from `offset` on; `skipped` counts records that were dropped before. */
  slice(offset: number, maxRecords: number): { records: readonly BusRecord[]; skipped: number } {
    const from = Math.max(offset, this.#baseOffset);
    const at = this.#head + from - this.#baseOffset;
    const records = this.#records.slice(at, at + Math.max(1, maxRecords)) as BusRecord[];
    return { records, skipped: from - offset };
  }

  /** Offset of the first record kept that is not older than `sinceMs`, or of the next one. */
  offsetSince(sinceMs: number): number {
    for (let at = this.#head; at < this.#records.length; at++) {
      if (this.#records[at]!.timestampMs >= sinceMs) return this.#baseOffset + at - this.#head;
    }
    return this.nextOffset;
  }

  /** @throws UT_BUS_BAD_OFFSET for an offset that cannot be committed */
  checkOffset(group: string, nextOffset: number): void {
    if (!Number.isInteger(nextOffset) || nextOffset < 0 || nextOffset > this.nextOffset) {
      const detail = `${group} committed ${nextOffset}, but the next offset to be written is ${this.nextOffset}.`;
      throw new UndertoneError('UT_BUS_BAD_OFFSET', detail, { place: `${this.topic}/${this.index}` });
    }
  }

  commit(group: string, nextOffset: number): void {
    this.#committed.set(group, Math.max(nextOffset, this.#committed.get(group) ?? 0));
    if (this.settings.retention === 'until-committed') this.#forgetCommitted();
    this.#letIn();
  }

  /** Calls `listener` after each append until the returned function is called. */
  watch(listener: () => void): () => void {
    this.#onAppend.add(listener);
    return () => this.#onAppend.delete(listener);
  }

  /** Refuses what waits and lets go of the records. */
  close(error: Error): void {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }

  release(): void {
    this.#records = [];
    this.#sizes.length = 0;
    this.#head = 0;
    this.#bytes = 0;
  }

  #fits(bytes: number): boolean {
    const { maxRecordsPerPartition, maxBytesPerPartition } = this.settings;
    return this.#count < maxRecordsPerPartition && this.#bytes + bytes <= maxBytesPerPartition;
  }

  #push(record: NewRecord, bytes: number, waitedMs: number): RecordPosition {
    const position = { partition: this.index, offset: this.nextOffset };
    const { key, headers } = record;
    const value = this.settings.retention === 'newest' ? ownBytes(record.value) : record.value;
    const { partition, offset } = position;
    const timestampMs = this.clock.nowMs();
    this.#records.push({ topic: this.topic, partition, offset, timestampMs, key, value, headers });
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    this.observer.appended(this.topic, this.index, bytes, waitedMs);
    for (const listener of this.#onAppend) listener();
    return position;
  }

  #letIn(): void {
    while (!this.#closed && this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.bytes)) {
      const { record, bytes, sinceMs, resolve } = this.#waiting.shift()!;
      resolve(this.#push(record, bytes, this.clock.nowMs() - sinceMs));
    }
  }

  #dropUntilFits(bytes: number): void {
    const before = this.#baseOffset;
    while (this.#count > 0 && !this.#fits(bytes)) this.#dropOldest();
    const dropped = this.#baseOffset - before;
    if (dropped > 0) this.observer.dropped(this.topic, this.index, dropped);
  }

  #forgetCommitted(): void {
    const keepFrom = Math.min(...this.#committed.values());
    while (this.#baseOffset < keepFrom) this.#dropOldest();
  }

  #dropOldest(): void {
    this.#bytes -= this.#sizes[this.#head]!;
    this.#records[this.#head] = undefined;
    this.#head++;
    this.#baseOffset++;
    if (this.#head < COMPACT_AFTER || this.#head * 2 < this.#records.length) return;
    this.#records.splice(0, this.#head);
    this.#sizes.splice(0, this.#head);
    this.#head = 0;
  }
}

/** Small Buffers share slabs of 8 KiB: a record that is kept for long would keep the whole slab, and not be counted as that. */
function ownBytes(value: Uint8Array | null): Uint8Array | null {
  if (value === null || value.buffer.byteLength === value.byteLength) return value;
  const own = Buffer.allocUnsafeSlow(value.byteLength);
  own.set(value);
  return own;
}
