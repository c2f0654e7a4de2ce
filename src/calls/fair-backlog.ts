import type { BusRecord } from '../bus/index.js';

/** Records that one call may have in a round before the others have had their turn. */
const QUANTUM = 16;

interface Queue {
  readonly records: BusRecord[];
  /** First record that has not been taken. */
  head: number;
}

/**
 * Records of one partition that have been read and not yet been worked on, by call.
 *
 * Always holds: the records of a call leave in the order of their offsets; a call that has fewer records waiting than
 * its neighbours is never behind them by more than a round, however many of theirs have been read. Records that have not
 * been read yet wait in the log: no fairness reaches beyond the read-ahead.
 */
export class FairBacklog {
  /** In the order of the turns to come. */
  readonly #queues = new Map<string, Queue>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The lowest offset that waits here; null where nothing does. */
  get oldestOffset(): number | null {
    let oldest: number | null = null;
    for (const { records, head } of this.#queues.values()) {
      const { offset } = records[head]!;
      if (oldest === null || offset < oldest) oldest = offset;
    }
    return oldest;
  }

  /** The record whose turn it is. */
  get first(): BusRecord | undefined {
    for (const { records, head } of this.#queues.values()) return records[head];
    return undefined;
  }

  push(records: readonly BusRecord[]): void {
    for (const record of records) {
      const queue = this.#queues.get(record.key);
      if (queue === undefined) this.#queues.set(record.key, { records: [record], head: 0 });
      else queue.records.push(record);
    }
    this.#size += records.length;
  }

  /** Up to `maxRecords`, calls taking turns. */
  take(maxRecords: number): BusRecord[] {
    const taken: BusRecord[] = [];
    while (taken.length < maxRecords && this.#queues.size > 0) {
      const [key, queue] = this.#queues.entries().next().value!;
      this.#queues.delete(key);
      const to = Math.min(queue.head + QUANTUM, queue.head + maxRecords - taken.length, queue.records.length);
      while (queue.head < to) taken.push(queue.records[queue.head++]!);
      if (queue.head < queue.records.length) this.#queues.set(key, trimmed(queue));
    }
    this.#size -= taken.length;
    return taken;
  }
}

/** Lets go of what was taken once it is the larger part. */
function trimmed(queue: Queue): Queue {
  if (queue.head * 2 < queue.records.length) return queue;
  return { records: queue.records.slice(queue.head), head: 0 };
}
