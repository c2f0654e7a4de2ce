import type { UndertoneError } from '../../../errors.js';
import type { DriverTransactions, TransactionStep } from '../driver.js';
import { ask, REQUEST_TIMEOUT_MS } from './client.js';
import { fromRdkafka, isAftermath, isStaleGeneration } from './errors.js';
import { RdkafkaMember } from './member.js';
import type { Callback, NativeProducer } from './node-rdkafka.js';
import { produce } from './producer.js';
import { pauseOf, within } from './signal.js';

const CLOSE_LIMIT_MS = 1_500;
/** The member learns of a new generation within a moment of its start. */
const GENERATION_PAUSE_MS = 50;
const GENERATION_LIMIT_MS = 3_000;

/**
 * One transactional id. The group's offset is sent with the member's generation, so the coordinator refuses a member that
 * the group has gone on without. A generation that is merely old, because others came or went, is not the end: the
 * transaction has been aborted then, and is made again for as long as the partition stays with the member.
 */
export class RdkafkaTransactions implements DriverTransactions {
  readonly #open: () => Promise<NativeProducer>;
  readonly #place: string;
  #producer!: NativeProducer;

  private constructor(transactionalId: string, open: () => Promise<NativeProducer>) {
    this.#open = open;
    this.#place = `transactional id ${transactionalId}`;
  }

  /** @param open gives a connected client with that id. */
  static async create(
    transactionalId: string,
    open: () => Promise<NativeProducer>,
  ): Promise<RdkafkaTransactions> {
    const transactions = new RdkafkaTransactions(transactionalId, open);
    await transactions.#begin();
    return transactions;
  }

  async commit(step: TransactionStep): Promise<void> {
    const { member, partition } = step;
    if (!(member instanceof RdkafkaMember)) throw new TypeError('The member is of another driver.');
    const startedAtMs = performance.now();
    for (;;) {
      const stale = await this.#attempt(step, member);
      if (stale === undefined) return;
      if (!member.owns(partition) || performance.now() - startedAtMs > GENERATION_LIMIT_MS) throw stale;
      await pauseOf(GENERATION_PAUSE_MS);
    }
  }

  async close(): Promise<void> {
    await within(
      CLOSE_LIMIT_MS,
      this.#ask((done) => this.#producer.disconnect(0, done)),
    );
  }

  /** The error where the generation was old and the transaction was aborted: nothing of it is in the log. */
  async #attempt(step: TransactionStep, member: RdkafkaMember): Promise<UndertoneError | undefined> {
    await this.#ask((done) => this.#producer.beginTransaction(done));
    try {
      for (const record of step.records) produce(this.#producer, record);
      await this.#sendOffset(step, member);
      await this.#ask((done) => this.#producer.commitTransaction(REQUEST_TIMEOUT_MS, done));
      return undefined;
    } catch (cause) {
      const error = await this.#reasonOf(fromRdkafka(cause, this.#place));
      const stale = isStaleGeneration(error.cause);
      if (!stale && error.code !== 'UT_BUS_RECORD_TOO_LARGE') throw error;
      await this.#ask((done) => this.#producer.abortTransaction(REQUEST_TIMEOUT_MS, done));
      if (stale) return error;
      await this.#beginAnew();
      throw error;
    }
  }

  async #begin(): Promise<void> {
    this.#producer = await this.#open();
    try {
      await this.#ask((done) => this.#producer.initTransactions(REQUEST_TIMEOUT_MS, done));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** librdkafka goes on counting behind a record that was refused, and the broker takes nothing more of that count. */
  async #beginAnew(): Promise<void> {
    await this.close();
    await this.#begin();
  }

  /** Where a record was refused, the calls after it only say that there is no going on; a new beginning says why. */
  async #reasonOf(error: UndertoneError): Promise<UndertoneError> {
    if (!isAftermath(error.cause)) return error;
    return this.#ask((done) => this.#producer.beginTransaction(done)).then(
      () => error,
      (reason: UndertoneError) => reason,
    );
  }

  #sendOffset(
    { topic, partition, nextOffset: offset }: TransactionStep,
    member: RdkafkaMember,
  ): Promise<unknown> {
    const offsets = [{ topic, partition, offset }];
    return member.use((consumer) =>
      this.#ask((done) =>
        this.#producer.sendOffsetsToTransaction(offsets, consumer, REQUEST_TIMEOUT_MS, done),
      ),
    );
  }

  #ask(question: (done: Callback) => void): Promise<unknown> {
    return ask(this.#place, question);
  }
}
