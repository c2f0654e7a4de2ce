import type { Kafka, Producer, Transaction } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
import type { DriverTransactions, TransactionStep } from '../driver.js';
import { splitByBytes } from '../record-size.js';
import { fromKafkajs } from './errors.js';
import { groupByTopic, placed } from './producer.js';

/** Short, because the broker answers "concurrent transactions" for some milliseconds after each commit. */
const FIRST_RETRY_MS = 10;
const RETRIES = 15;
/** The broker takes a request's records of one partition as one, and 1 MiB is all it takes by default. */
const MAX_REQUEST_BYTES = 512 * 1024;

/**
 * One transactional id. kafkajs takes the id at the first transaction, not when it connects: an empty one is begun and
 * aborted, so that earlier holders are fenced, and what they left is settled, before anybody looks at the offsets.
 */
export class KafkajsTransactions implements DriverTransactions {
  readonly #id: string;
  readonly #producer: Producer;

  static async create(client: Kafka, id: string, timeoutMs: number): Promise<KafkajsTransactions> {
    const producer = client.producer({
      transactionalId: id,
      transactionTimeout: timeoutMs,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: placed,
      retry: { initialRetryTime: FIRST_RETRY_MS, retries: RETRIES },
    });
    const transactions = new KafkajsTransactions(id, producer);
    try {
      await producer.connect();
      await (await producer.transaction()).abort();
      return transactions;
    } catch (error) {
      await transactions.close();
      throw fromKafkajs(error, id);
    }
  }

  private constructor(id: string, producer: Producer) {
    this.#id = id;
    this.#producer = producer;
  }

  /**
   * Sends topic by topic: only where a request held one partition does kafkajs know after a refusal (record too large)
   * which sequence numbers were used, so that the producer may be used on.
   */
  async commit({ records, group, topic, partition, nextOffset }: TransactionStep): Promise<void> {
    const transaction = await this.#producer.transaction().catch((error) => this.#fail(error));
    try {
      for (const part of splitByBytes(records, MAX_REQUEST_BYTES)) {
        for (const messages of groupByTopic(part)) {
          await transaction.sendBatch({ topicMessages: [messages], acks: -1 });
        }
      }
      const partitions = [{ partition, offset: String(nextOffset) }];
      await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic, partitions }] });
      await transaction.commit();
    } catch (error) {
      await this.#abortAfter(error, transaction);
    }
  }

  async close(): Promise<void> {
    await this.#producer.disconnect().catch(() => undefined);
  }

  async #abortAfter(cause: unknown, transaction: Transaction): Promise<never> {
    const error = fromKafkajs(cause, this.#id);
    if (error.code !== 'UT_BUS_RECORD_TOO_LARGE') throw error;
    await transaction.abort().catch((failure) => this.#fail(failure));
    throw error;
  }

  #fail(cause: unknown): never {
    const error = fromKafkajs(cause, this.#id);
    if (error.code !== 'UT_BUS_RECORD_TOO_LARGE') throw error;
    throw new UndertoneError('UT_KAFKA_FAILED', error.detail, { place: this.#id, cause, retriable: true });
  }
}
