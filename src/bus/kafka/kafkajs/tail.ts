import { randomUUID } from 'node:crypto';
import type { Consumer, ConsumerEndBatchProcessEvent, EachBatchPayload, Kafka } from 'kafkajs';
import type { DriverTail, TailListener } from '../driver.js';
import type { KafkajsCluster } from './cluster.js';
import { fromKafkajs } from './errors.js';
import { joinPatiently } from './patience.js';
import { toFetchedRecord } from './records.js';
import { whileRunning } from './while-running.js';

const MAX_WAIT_MS = 50;

/**
 * A reader without a group, made of a group with one member and a name of its own that never commits. It owns all
 * partitions from the start, and pauses those that nobody reads, so that to begin a read waits for no rebalance.
 */
export class KafkajsTail implements DriverTail {
  readonly #consumer: Consumer;
  readonly #group = `undertone-tail-${randomUUID()}`;
  /** Next offset of the partitions that are being read, by `topic/partition`. */
  readonly #expected = new Map<string, number>();
  /** Brokers that were fetched from since a read began: when it was all of them, nothing from before is under way. */
  readonly #fetchedSince = new Map<string, Set<number>>();
  readonly #nodes = new Set<number>();
  #closed = false;
  /** Before that, a failure is the rejection of the join and nothing else. */
  #hasJoined = false;
  #joined!: () => void;
  #refused!: (error: Error) => void;

  static async open(
    client: Kafka,
    topics: readonly string[],
    listener: TailListener,
    cluster: KafkajsCluster,
  ): Promise<KafkajsTail> {
    return joinPatiently(async () => {
      const tail = new KafkajsTail(client, topics, listener, cluster);
      await tail.#run();
      return tail;
    });
  }

  private constructor(
    client: Kafka,
    readonly topics: readonly string[],
    readonly listener: TailListener,
    readonly cluster: KafkajsCluster,
  ) {
    this.#consumer = client.consumer({
      groupId: this.#group,
      maxWaitTimeInMs: MAX_WAIT_MS,
      allowAutoTopicCreation: false,
      metadataMaxAge: 30_000,
      retry: { restartOnFailure: async () => false },
    });
  }

  offsetSince(topic: string, partition: number, sinceMs: number): Promise<number> {
    return this.cluster.offsetSince(topic, partition, sinceMs);
  }

  read(topic: string, partition: number, fromOffset: number): void {
    if (this.#closed) return;
    this.#expected.set(placeOf(topic, partition), fromOffset);
    this.#fetchedSince.set(placeOf(topic, partition), new Set());
    whileRunning(() => this.#consumer.seek({ topic, partition, offset: String(fromOffset) }));
    whileRunning(() => this.#consumer.resume([{ topic, partitions: [partition] }]));
  }

  stop(topic: string, partition: number): void {
    if (this.#closed) return;
    this.#expected.delete(placeOf(topic, partition));
    this.#fetchedSince.delete(placeOf(topic, partition));
    whileRunning(() => this.#consumer.pause([{ topic, partitions: [partition] }]));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#consumer.disconnect();
  }

  async #run(): Promise<void> {
    const { GROUP_JOIN, CRASH, FETCH_START, END_BATCH_PROCESS } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#onJoin(payload.memberAssignment));
    this.#consumer.on(CRASH, ({ payload }) => this.#onCrash(payload.error));
    this.#consumer.on(FETCH_START, ({ payload }) => this.#onFetch(payload.nodeId));
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#onInvisible(payload);
    });
    const first = new Promise<void>((resolve, reject) => {
      this.#joined = () => {
        this.#hasJoined = true;
        resolve();
      };
      this.#refused = reject;
    });
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
      const eachBatch = async (payload: EachBatchPayload): Promise<void> => this.#onBatch(payload);
      await Promise.all([first, this.#consumer.run({ autoCommit: false, eachBatch })]);
    } catch (error) {
      this.#closed = true;
      await this.#consumer.disconnect().catch(() => undefined);
      throw fromKafkajs(error, this.#group);
    }
  }

  /** kafkajs has forgotten pauses and positions. */
  #onJoin(assignment: Readonly<Record<string, readonly number[]>>): void {
    for (const [topic, partitions] of Object.entries(assignment)) {
      const idle = partitions.filter((partition) => !this.#expected.has(placeOf(topic, partition)));
      if (idle.length > 0) whileRunning(() => this.#consumer.pause([{ topic, partitions: idle }]));
      for (const partition of partitions) {
        const expected = this.#expected.get(placeOf(topic, partition));
        if (expected !== undefined)
          whileRunning(() => this.#consumer.seek({ topic, partition, offset: String(expected) }));
      }
    }
    this.#joined();
  }

  #onBatch({ batch, isStale }: EachBatchPayload): void {
    const { topic, partition } = batch;
    const expected = this.#expected.get(placeOf(topic, partition));
    if (expected === undefined || isStale()) return;
    const records = batch.messages.map((message) => toFetchedRecord(topic, partition, message));
    const fresh = records.filter(({ offset }) => offset >= expected);
    if (fresh.length > 0) this.listener.onRecords(topic, partition, fresh);
    this.#onProgress(topic, partition, Number(batch.lastOffset()) + 1);
  }

  #onFetch(node: number): void {
    this.#nodes.add(node);
    for (const nodes of this.#fetchedSince.values()) nodes.add(node);
  }

  /** A batch of aborted records or markers alone. One that begins behind a hole may be from before the last seek. */
  #onInvisible({ topic, partition, firstOffset, lastOffset }: ConsumerEndBatchProcessEvent['payload']): void {
    const place = placeOf(topic, partition);
    const expected = this.#expected.get(place);
    if (expected === undefined || firstOffset === null) return;
    const isFresh = this.#fetchedSince.get(place)?.size === this.#nodes.size;
    if (Number(firstOffset) <= expected || isFresh)
      this.#onProgress(topic, partition, Number(lastOffset) + 1);
  }

  #onProgress(topic: string, partition: number, next: number): void {
    const place = placeOf(topic, partition);
    if (next <= (this.#expected.get(place) ?? Number.POSITIVE_INFINITY)) return;
    this.#expected.set(place, next);
    this.listener.onProgress(topic, partition, next);
  }

  #onCrash(cause: Error): void {
    const error = fromKafkajs(cause, this.#group);
    this.#refused(error);
    if (this.#closed || !this.#hasJoined) return;
    this.#closed = true;
    this.listener.onFailed(error);
  }
}

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;
