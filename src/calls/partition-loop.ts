import { setImmediate } from 'node:timers/promises';
import type { BusRecord, PartitionReader } from '../bus/index.js';
import type { AudioLogRecord } from '../ingest/index.js';
import type { Call } from './call.js';
import type { CallTable } from './call-table.js';
import type { CallsObserver } from './observer.js';

export interface PartitionLoopOptions {
  /** Records taken from the log at once. */
  readonly maxBatchRecords: number;
  /** Windows that may wait for the model before the loop stops reading. */
  readonly maxPendingWindows: number;
  /** A window of a live call whose last audio is older than this is skipped; null = never. */
  readonly maxDelayMs: number | null;
}

/**
 * The only reader and the only mutator of one partition's calls.
 *
 * Always holds: records are taken in order; an offset is committed once everything that the records before it
 * caused stands in the result log.
 */
export class PartitionLoop {
  readonly #reader: PartitionReader;
  readonly #table: CallTable;
  readonly #decode: (record: BusRecord) => AudioLogRecord;
  readonly #options: PartitionLoopOptions;
  readonly #nowMs: () => number;
  readonly #observer: CallsObserver;
  #stopAt = Number.POSITIVE_INFINITY;
  #commits: Promise<void> = Promise.resolve();

  constructor(
    reader: PartitionReader,
    table: CallTable,
    decode: (record: BusRecord) => AudioLogRecord,
    options: PartitionLoopOptions,
    nowMs: () => number,
    observer: CallsObserver,
  ) {
    this.#reader = reader;
    this.#table = table;
    this.#decode = decode;
    this.#options = options;
    this.#nowMs = nowMs;
    this.#observer = observer;
  }

  get partition(): number {
    return this.#reader.partition;
  }

  /** Runs until the reader is closed; rejects when the results can't be written or the model can't be run. */
  async run(): Promise<void> {
    while (!this.finished) {
      const records = await this.#reader.read(this.#options.maxBatchRecords);
      if (records.length === 0) break;
      await this.#takeBatch(records);
    }
    await this.#commits;
  }

  /** Takes what stands in the log now, then {@link run} ends once the reader is closed or has given that much. */
  async finishAt(): Promise<void> {
    this.#stopAt = await this.#reader.endOffset();
  }

  get finished(): boolean {
    return this.#reader.position >= this.#stopAt;
  }

  get #isFull(): boolean {
    return this.#table.pendingWindows >= this.#options.maxPendingWindows;
  }

  async #takeBatch(records: readonly BusRecord[]): Promise<void> {
    const touched = new Set<Call>();
    let sliceBeganMs = this.#nowMs();
    for (const record of records) {
      const call = this.#takeOne(record);
      if (call !== null) touched.add(call);
      // Windows that wait may be of this batch or of those before it.
      if (this.#isFull) await Promise.all([settleAll(touched), this.#commits]);
      if (this.#nowMs() - sliceBeganMs < MAX_SLICE_MS) continue;
      await setImmediate();
      sliceBeganMs = this.#nowMs();
    }
    this.#reportProgress();
    this.#commitWhen(settleAll(touched), records);
    if (this.#isFull) await this.#commits;
  }

  #reportProgress(): void {
    this.#observer.onProgress(this.partition, this.#table.size, this.#table.pendingWindows);
  }

  #takeOne(record: BusRecord): Call | null {
    try {
      const decoded = this.#decode(record);
      const { outcome, call } = this.#table.take(decoded, {
        skipDue: this.#mustSkip(record, decoded.callId),
        arrivedAtMs: record.timestampMs,
      });
      this.#observer.onRecord(decoded.type, outcome);
      return call;
    } catch (error) {
      this.#observer.onBadRecord(record, error);
      return null;
    }
  }

  #mustSkip(record: BusRecord, callId: string): boolean {
    const { maxDelayMs } = this.#options;
    if (maxDelayMs === null || !this.#table.isLive(callId)) return false;
    return this.#nowMs() - record.timestampMs > maxDelayMs;
  }

  #commitWhen(settled: Promise<void>, records: readonly BusRecord[]): void {
    this.#commits = this.#commits.then(async () => {
      await settled;
      await this.#reader.commit(records.at(-1)!.offset + 1);
      this.#observer.onCommitted(this.partition, records.length);
      this.#reportProgress();
    });
    this.#commits.catch((error: unknown) => this.#observer.onFatal(error));
  }
}

/** Longest work without a turn of the event loop: sockets, timers and the other partitions wait for no more. */
const MAX_SLICE_MS = 5;

async function settleAll(calls: Iterable<Call>): Promise<void> {
  await Promise.all([...calls].map((call) => call.settled()));
}
