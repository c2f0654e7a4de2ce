import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Cluster, Consumer, Kafka } from 'kafkajs';
import { stickyAssigner } from './assigner.js';
import { fromKafkajs } from './errors.js';

const LATEST = -1;
const EARLIEST = -2;
const ATTEMPTS = 10;
const PAUSE_MS = 100;

/** Questions about topics, offsets and groups, asked without being a member of anything. */
export class KafkajsCluster {
  readonly #admin: Admin;
  /** Never run: it lends its connection, which lists offsets of single partitions, open transactions included. */
  readonly #consumer: Consumer;
  readonly #place: string;
  #cluster!: Cluster;

  constructor(client: Kafka, brokers: readonly string[]) {
    this.#place = brokers.join(', ');
    this.#admin = client.admin();
    const assigner = stickyAssigner(() => []);
    this.#consumer = client.consumer({
      groupId: 'undertone-offsets',
      readUncommitted: true,
      allowAutoTopicCreation: false,
      partitionAssigners: [
        (config) => {
          this.#cluster = config.cluster;
          return assigner(config);
        },
      ],
    });
  }

  connect(): Promise<void> {
    return this.#ask(this.#place, async () => {
      await this.#admin.connect();
      await this.#consumer.connect();
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#admin.disconnect(), this.#consumer.disconnect()]);
  }

  /** `host:port` of each, as the cluster itself names them. */
  brokers(): Promise<readonly string[]> {
    return this.#ask(this.#place, async () => {
      const { brokers } = await this.#admin.describeCluster();
      return brokers.map(({ host, port }) => `${host}:${port}`);
    });
  }

  /** Asks for what comes after the end of a partition, and does not wait for it: only the rights can be in the way. */
  async fetchNothing(topic: string, partition: number): Promise<void> {
    const fetchOffset = String(await this.offsetAt(topic, partition, LATEST));
    await this.#ask(topic, async () => {
      const [leader] = Object.keys(this.#cluster.findLeaderForPartitions(topic, [partition]));
      const broker = await this.#cluster.findBroker({ nodeId: String(leader) });
      const partitions = [{ partition, fetchOffset, maxBytes: 1024 }];
      await broker.fetch({ maxWaitTime: 1, minBytes: 0, isolationLevel: 1, topics: [{ topic, partitions }] });
    });
  }

  /** Asked topic by topic, because one that is missing fails the whole question. */
  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = await Promise.all(topics.map((topic) => this.#partitionCount(topic)));
    return new Map(topics.flatMap((topic, index) => (counts[index] === 0 ? [] : [[topic, counts[index]!]])));
  }

  async offsets(topic: string, partition: number): Promise<{ readonly low: number; readonly high: number }> {
    const low = await this.offsetAt(topic, partition, EARLIEST);
    return { low, high: await this.offsetAt(topic, partition, LATEST) };
  }

  async offsetSince(topic: string, partition: number, sinceMs: number): Promise<number> {
    if (sinceMs <= 0) return this.offsetAt(topic, partition, EARLIEST);
    const found = await this.offsetAt(topic, partition, Math.ceil(sinceMs));
    return found >= 0 ? found : this.offsetAt(topic, partition, LATEST);
  }

  /** −1 where no record is so new. A partition whose leader has just moved is asked for again. */
  offsetAt(topic: string, partition: number, timestamp: number): Promise<number> {
    return this.#ask(`${topic}/${partition}`, async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#listOffset(topic, partition, timestamp);
        } catch (error) {
          if (attempt === ATTEMPTS || !fromKafkajs(error, topic).retriable) throw error;
          await sleep(PAUSE_MS);
          await this.#cluster.refreshMetadata();
        }
      }
    });
  }

  committed(group: string, topic: string, partition: number): Promise<number | null> {
    return this.#ask(`${group} on ${topic}`, async () => {
      const [answer] = await this.#admin.fetchOffsets({ groupId: group, topics: [topic] });
      const found = answer?.partitions.find((entry) => entry.partition === partition);
      return found === undefined || Number(found.offset) < 0 ? null : Number(found.offset);
    });
  }

  async #listOffset(topic: string, partition: number, timestamp: number): Promise<number> {
    await this.#cluster.addTargetTopic(topic);
    await this.#cluster.refreshMetadataIfNecessary();
    const question = { topic, partitions: [{ partition }], fromTimestamp: timestamp };
    const [answer] = await this.#cluster.fetchTopicsOffset([question]);
    return Number(answer?.partitions[0]?.offset ?? -1);
  }

  async #partitionCount(topic: string): Promise<number> {
    try {
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.length ?? 0;
    } catch (cause) {
      const error = fromKafkajs(cause, topic);
      if (error.code === 'UT_KAFKA_TOPIC_MISSING') return 0;
      throw error;
    }
  }

  async #ask<T>(place: string, question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw fromKafkajs(error, place);
    }
  }
}
