import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
import type { KafkaClientOptions } from '../client-options.js';
import type { ClusterProbe } from '../cluster-probe.js';
import { KafkajsCluster } from './cluster.js';
import { createClient } from './connection.js';
import { fromKafkajs } from './errors.js';
import { KafkajsTransactions } from './transactions.js';

/**
 * No broker knows this number of acknowledgements. It looks at the rights first: who may not write is told so, who may
 * is refused for the number, and nothing is written.
 */
const IMPOSSIBLE_ACKS = 2;
const REFUSED = 'INVALID_REQUIRED_ACKS';
const ATTEMPTS = 8;
const PAUSE_MS = 250;

export class KafkajsProbe implements ClusterProbe {
  readonly #client: Kafka;
  readonly #cluster: KafkajsCluster;
  readonly #transactionTimeoutMs: number;

  constructor(options: KafkaClientOptions) {
    this.#client = createClient(options, 'short');
    this.#cluster = new KafkajsCluster(this.#client, options.brokers);
    this.#transactionTimeoutMs = options.transactionTimeoutMs;
  }

  connect(): Promise<void> {
    return this.#cluster.connect();
  }

  close(): Promise<void> {
    return this.#cluster.close();
  }

  brokers(): Promise<readonly string[]> {
    return this.#cluster.brokers();
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#cluster.partitionCounts(topics);
  }

  tryRead(topic: string): Promise<void> {
    return this.#cluster.fetchNothing(topic, 0);
  }

  async tryWrite(topic: string): Promise<void> {
    const producer = this.#client.producer({ allowAutoTopicCreation: false, retry: { retries: 1 } });
    try {
      await producer.connect();
      const messages = [{ key: 'undertone-doctor', value: null, partition: 0 }];
      await producer.send({ topic, acks: IMPOSSIBLE_ACKS, messages });
    } catch (error) {
      if ((error as { readonly type?: unknown }).type === REFUSED) return;
      throw fromKafkajs(error, topic);
    } finally {
      await producer.disconnect().catch(() => undefined);
    }
    throw new UndertoneError('UT_INTERNAL', 'The broker took an impossible record.', { place: topic });
  }

  /** The first group of a cluster has to wait until its coordinator is made. */
  async tryGroup(group: string, topic: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#cluster.committed(group, topic, 0);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || !fromKafkajs(error, group).retriable) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }

  async tryTransaction(transactionalId: string): Promise<void> {
    const timeoutMs = this.#transactionTimeoutMs;
    const transactions = await KafkajsTransactions.create(this.#client, transactionalId, timeoutMs);
    await transactions.close();
  }

  async hasRecordAfter(topic: string, timeMs: number): Promise<boolean> {
    const count = (await this.partitionCounts([topic])).get(topic) ?? 0;
    for (let partition = 0; partition < count; partition++) {
      if ((await this.#cluster.offsetAt(topic, partition, Math.ceil(timeMs))) >= 0) return true;
    }
    return false;
  }
}
