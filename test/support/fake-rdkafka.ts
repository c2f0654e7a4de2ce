import { vi } from 'vitest';
import type {
  Callback,
  NativeConsumer,
  NativeError,
  NativeMessage,
  TopicPartition,
  TopicPartitionOffset,
} from '../../src/bus/kafka/rdkafka/node-rdkafka.js';

type Heard = (value: unknown) => void;

/**
 * A consumer of node-rdkafka as the driver sees it. A look takes messages from the moment it is asked for until it
 * answers, of whatever is assigned at each of the two moments, which is what makes it hard to keep exact.
 */
export class FakeConsumer {
  /** What librdkafka was told: `+0@15` and `-0`, with all partitions of one order in one entry. */
  readonly orders: string[] = [];
  /** Thrown by the next orders. */
  refusal: NativeError | undefined;
  /** Answer of the next look. */
  failure: NativeError | undefined;
  readonly #lengths: Readonly<Record<string, number>>;
  readonly #reportsEnds: boolean;
  readonly #heard = new Map<string, Heard[]>();
  /** Next offset of what is assigned, by partition. */
  readonly #assigned = new Map<number, TopicPartitionOffset>();
  readonly #ended = new Set<number>();
  #look:
    | {
        readonly max: number;
        readonly found: NativeMessage[];
        readonly done: Callback<readonly NativeMessage[]>;
      }
    | undefined;

  /** @param lengths records of each topic's partitions. */
  constructor(lengths: Readonly<Record<string, number>>, { reportsEnds = false } = {}) {
    this.#lengths = lengths;
    this.#reportsEnds = reportsEnds;
  }

  get native(): NativeConsumer {
    return this as unknown as NativeConsumer;
  }

  get looking(): boolean {
    return this.#look !== undefined;
  }

  /** Lets the next look begin, carries out `during`, then lets it answer. */
  async look(during: () => void = () => undefined): Promise<void> {
    for (let tries = 0; this.#look === undefined && tries < 20; tries++) await vi.advanceTimersByTimeAsync(1);
    during();
    this.#answer();
    await vi.advanceTimersByTimeAsync(0);
  }

  on(event: string, heard: Heard): void {
    this.#heard.set(event, [...(this.#heard.get(event) ?? []), heard]);
  }

  emit(event: string, value: unknown): void {
    for (const heard of this.#heard.get(event) ?? []) heard(value);
  }

  setDefaultConsumeTimeout(): void {}

  incrementalAssign(partitions: readonly TopicPartitionOffset[]): void {
    this.#obey(partitions.map(({ partition, offset }) => `+${partition}@${offset}`).join(' ') || '+');
    for (const place of partitions) {
      if (this.#assigned.has(place.partition)) throw new Error('It is assigned already.');
      this.#assigned.set(place.partition, place);
      this.#ended.delete(place.partition);
    }
  }

  incrementalUnassign(partitions: readonly TopicPartition[]): void {
    this.#obey(partitions.map(({ partition }) => `-${partition}`).join(' ') || '-');
    for (const { partition } of partitions) {
      if (!this.#assigned.delete(partition)) throw new Error('It is not assigned.');
    }
  }

  consume(max: number, done: Callback<readonly NativeMessage[]>): void {
    if (this.#look !== undefined) throw new Error('Two looks at once.');
    this.#look = { max, found: [], done };
    this.#take(max / 2);
  }

  #obey(order: string): void {
    if (this.refusal !== undefined) throw this.refusal;
    this.orders.push(order);
  }

  #answer(): void {
    const look = this.#look!;
    this.#take(look.max);
    this.#look = undefined;
    const { failure = null } = this;
    this.failure = undefined;
    if (failure === null) {
      for (const message of look.found) this.emit('data', message);
      this.#reportEnds();
    }
    look.done(failure, look.found);
  }

  #take(upTo: number): void {
    const { found } = this.#look!;
    for (const [partition, { topic, offset }] of this.#assigned) {
      const end = Math.min(this.#lengths[topic]!, offset + upTo - found.length);
      for (let next = offset; next < end; next++) found.push(messageAt(topic, partition, next));
      this.#assigned.set(partition, { topic, partition, offset: Math.max(offset, end) });
    }
  }

  #reportEnds(): void {
    if (!this.#reportsEnds) return;
    for (const [partition, { topic, offset }] of this.#assigned) {
      if (offset < this.#lengths[topic]! || this.#ended.has(partition)) continue;
      this.#ended.add(partition);
      this.emit('partition.eof', { topic, partition, offset });
    }
  }
}

function messageAt(topic: string, partition: number, offset: number): NativeMessage {
  return {
    topic,
    partition,
    offset,
    timestamp: offset,
    key: Buffer.from('k'),
    value: Buffer.from(`${offset}`),
  };
}
