import type { FetchedRecord } from '../driver.js';
import type { NativeMessage, TopicPartition, TopicPartitionOffset } from './node-rdkafka.js';
import { toFetchedRecord } from './records.js';

/** Where the fetching of one partition stands. */
export interface Position extends TopicPartition {
  /** No record below it is handed over, and none is left out from it on. */
  expected: number;
  /** Fetching is wanted: the partition is not paused. */
  wanted: boolean;
  /** librdkafka fetches it. */
  fetching: boolean;
  /** What librdkafka fetches began before a seek or a pause, and must begin anew. */
  stale: boolean;
  /** Found by the present look, and not handed over yet. */
  records: FetchedRecord[];
  /** The same for the partition's end. */
  end: number | null;
}

/** All positions of a feed. What a look finds is taken only where it belongs to the fetch that is wanted now. */
export class Positions {
  readonly #byTopic = new Map<string, Map<number, Position>>();
  readonly #touched = new Set<Position>();

  get({ topic, partition }: TopicPartition): Position | undefined {
    return this.#byTopic.get(topic)?.get(partition);
  }

  /** The position's next record is the one at `offset`; what was found of it and not handed over is dropped. */
  set({ topic, partition }: TopicPartition, offset: number): Position {
    const partitions = this.#byTopic.get(topic) ?? new Map<number, Position>();
    this.#byTopic.set(topic, partitions);
    const fetching = partitions.get(partition)?.fetching ?? false;
    const fresh = { expected: offset, wanted: true, records: [], end: null };
    const position: Position = { topic, partition, ...fresh, fetching, stale: fetching };
    partitions.set(partition, position);
    return position;
  }

  delete({ topic, partition }: TopicPartition): void {
    this.#byTopic.get(topic)?.delete(partition);
  }

  *all(): Iterable<Position> {
    for (const partitions of this.#byTopic.values()) yield* partitions.values();
  }

  take(message: NativeMessage): void {
    const position = this.#accepting(message);
    if (position === undefined || message.offset < position.expected) return;
    position.expected = message.offset + 1;
    position.records.push(toFetchedRecord(message));
    this.#touched.add(position);
  }

  takeEnd(end: TopicPartitionOffset): void {
    const position = this.#accepting(end);
    if (position === undefined) return;
    position.end = end.offset;
    this.#touched.add(position);
  }

  /** Empties what the look found, partition by partition; a seek or stop meanwhile spares the partition. */
  *found(): Iterable<Position> {
    for (const position of this.#touched) {
      if (this.get(position) !== position) continue;
      yield position;
      position.records = [];
      position.end = null;
    }
    this.#touched.clear();
  }

  #accepting(place: TopicPartition): Position | undefined {
    const position = this.get(place);
    return position?.fetching && position.wanted && !position.stale ? position : undefined;
  }
}
