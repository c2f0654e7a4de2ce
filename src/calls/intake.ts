import type { BusRecord, PartitionReader } from '../bus/index.js';
import { FairBacklog } from './fair-backlog.js';

/**
 * Reads a partition ahead of the work, within a bound, and deals its records out fairly.
 *
 * Always holds: one read is under way at most, and none while the backlog is full; every record below
 * {@link untaken} has been dealt out.
 */
export class Intake {
  readonly #reader: PartitionReader;
  readonly #maxBatch: number;
  readonly #maxAhead: number;
  readonly #backlog = new FairBacklog();
  #reading = false;
  #ended = false;
  #failure: { readonly error: unknown } | null = null;
  #stopAt = Number.POSITIVE_INFINITY;
  #nudged = false;
  #wake: () => void = () => {};

  /** @param maxAhead records read and not yet dealt out */
  constructor(reader: PartitionReader, maxBatch: number, maxAhead: number) {
    this.#reader = reader;
    this.#maxBatch = maxBatch;
    this.#maxAhead = maxAhead;
  }

  get size(): number {
    return this.#backlog.size;
  }

  /** Lowest offset that has not been dealt out. */
  get untaken(): number {
    return this.#backlog.oldestOffset ?? this.#reader.position;
  }

  /** True once nothing more will come. */
  get ended(): boolean {
    return this.#ended && this.#backlog.size === 0;
  }

  /** The first record that waits, once it is there; undefined where the log has been read to its end. */
  async peek(): Promise<BusRecord | undefined> {
    const endOffset = await this.#reader.endOffset();
    this.#readOn();
    while (this.#backlog.size === 0 && !this.#ended && this.#failure === null && this.untaken < endOffset) {
      await this.#woken();
    }
    return this.#backlog.first;
  }

  /** The next records; empty after {@link nudge} and at the end. Rejects with what reading rejected with. */
  async next(): Promise<readonly BusRecord[]> {
    this.#readOn();
    if (this.#backlog.size === 0 && !this.#ended && !this.#nudged && this.#failure === null)
      await this.#woken();
    if (this.#failure !== null) throw this.#failure.error;
    this.#nudged = false;
    const records = this.#backlog.take(this.#maxBatch);
    this.#readOn();
    return records;
  }

  /** Makes {@link next} return, be there records or not. */
  nudge(): void {
    this.#nudged = true;
    this.#wake();
  }

  /** Reads no further than `offset`. */
  stopAt(offset: number): void {
    this.#stopAt = offset;
    if (this.#reader.position >= offset) this.#end();
  }

  #readOn(): void {
    if (this.#reading || this.#ended || this.#backlog.size >= this.#maxAhead) return;
    this.#reading = true;
    this.#reader.read(this.#maxBatch).then(
      (records) => this.#arrived(records),
      (error: unknown) => {
        this.#failure = { error };
        this.#wake();
      },
    );
  }

  #arrived(records: readonly BusRecord[]): void {
    this.#reading = false;
    this.#backlog.push(records);
    if (records.length === 0 || this.#reader.position >= this.#stopAt) {
      this.#end();
      return;
    }
    this.#wake();
    // What comes while a batch is worked on, or lingers, is there for the next.
    this.#readOn();
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
