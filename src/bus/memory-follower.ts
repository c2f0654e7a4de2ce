import type { PartitionListener } from './bus.js';
import type { MemoryPartition } from './memory-partition.js';
import { MemoryReader } from './memory-reader.js';

/** One who watches a topic: a reader for every partition, from a moment on. */
export class MemoryFollower {
  readonly #listener: PartitionListener;
  readonly #readers: readonly MemoryReader[];

  constructor(partitions: readonly MemoryPartition[], sinceMs: number, listener: PartitionListener) {
    this.#listener = listener;
    this.#readers = partitions.map((partition) => new MemoryReader(partition, { group: null, sinceMs }));
    for (const reader of this.#readers) listener.onAssigned(reader);
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.stop();
    await Promise.all(this.#readers.map((reader) => this.#listener.onRevoked(reader.partition)));
  }
}
