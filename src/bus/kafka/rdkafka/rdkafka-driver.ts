import type { KafkaClientOptions } from '../client-options.js';
import type {
  DriverMember,
  DriverProducer,
  DriverTail,
  DriverTransactions,
  JoinOptions,
  KafkaDriver,
  MemberListener,
  TailListener,
} from '../driver.js';
import { AskingConsumers } from './asking-consumers.js';
import { Connector } from './client.js';
import {
  consumerConfiguration,
  memberConfiguration,
  producerConfiguration,
  refuseLacking,
  transactionConfiguration,
} from './configuration.js';
import { loadRdkafka } from './load.js';
import { committedOffset, countPartitions, offsetsOf } from './lookups.js';
import { RdkafkaMember } from './member.js';
import type { Configuration, NativeConsumer, NativeProducer, Rdkafka } from './node-rdkafka.js';
import { RdkafkaProducer } from './producer.js';
import { RdkafkaTail } from './tail.js';
import { RdkafkaTransactions } from './transactions.js';

/** The client demands a group of every consumer; this one never joins it. */
const NO_GROUP = 'undertone-offsets';
const SEES_OPEN_TRANSACTIONS = { 'isolation.level': 'read_uncommitted' };

/** @throws UT_KAFKA_DRIVER_MISSING, UT_KAFKA_DRIVER_LACKS */
export async function createRdkafkaDriver(options: KafkaClientOptions): Promise<KafkaDriver> {
  const rdkafka = await loadRdkafka();
  refuseLacking(options, rdkafka.librdkafkaVersion);
  return new RdkafkaDriver(rdkafka, options);
}

/** The driver for production: librdkafka. Whatever it makes is closed with it. */
class RdkafkaDriver implements KafkaDriver {
  readonly name = 'node-rdkafka';
  readonly abilities = {
    staticMembership: true,
    cooperativeRebalance: true,
    generationFencing: true,
    holdsRevocation: true,
  };
  readonly #rdkafka: Rdkafka;
  readonly #options: KafkaClientOptions;
  readonly #connector: Connector;
  readonly #asking: AskingConsumers;

  constructor(rdkafka: Rdkafka, options: KafkaClientOptions) {
    this.#rdkafka = rdkafka;
    this.#options = options;
    this.#connector = new Connector(options);
    this.#asking = new AskingConsumers(async (group) => {
      const consumer = this.#createConsumer(group ?? NO_GROUP, group === null ? SEES_OPEN_TRANSACTIONS : {});
      await this.#openConsumer(consumer);
      return consumer;
    });
  }

  async connect(): Promise<void> {
    await this.#asking.any();
  }

  close(): Promise<void> {
    return this.#asking.close();
  }

  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return countPartitions(await this.#asking.any(), topics);
  }

  async offsets(topic: string, partition: number): Promise<{ readonly low: number; readonly high: number }> {
    return offsetsOf(await this.#asking.any(), { topic, partition });
  }

  async committed(group: string, topic: string, partition: number): Promise<number | null> {
    return committedOffset(await this.#asking.of(group), { topic, partition });
  }

  createProducer(): Promise<DriverProducer> {
    return RdkafkaProducer.create(() => this.#openProducer(producerConfiguration(this.#options)));
  }

  createTransactions(transactionalId: string): Promise<DriverTransactions> {
    const configuration = transactionConfiguration(this.#options, transactionalId);
    return RdkafkaTransactions.create(transactionalId, () => this.#openProducer(configuration));
  }

  async join(options: JoinOptions, listener: MemberListener): Promise<DriverMember> {
    const { group, instanceId } = options;
    const configuration = memberConfiguration(this.#options, group, instanceId, this.#version);
    const member = new RdkafkaMember(
      this.#rdkafka,
      configuration,
      options,
      listener,
      this.#options.sessionTimeoutMs,
    );
    await this.#openConsumer(member.consumer);
    member.subscribe();
    return member;
  }

  async createTail(_: readonly string[], listener: TailListener): Promise<DriverTail> {
    const consumer = this.#createConsumer('undertone-tail', { 'enable.partition.eof': true });
    await this.#openConsumer(consumer);
    return new RdkafkaTail(consumer, listener);
  }

  get #version(): string {
    return this.#rdkafka.librdkafkaVersion;
  }

  #createConsumer(group: string, more: Configuration = {}): NativeConsumer {
    const configuration = consumerConfiguration(this.#options, group, this.#version);
    return new this.#rdkafka.KafkaConsumer(
      { ...configuration, ...more },
      { 'auto.offset.reset': 'earliest' },
    );
  }

  async #openConsumer(consumer: NativeConsumer): Promise<void> {
    consumer.setDefaultConsumeTimeout(0);
    await this.#connector.open(consumer, () => consumer.consume(1, () => undefined));
  }

  async #openProducer(configuration: Configuration): Promise<NativeProducer> {
    const producer = new this.#rdkafka.Producer({ ...configuration, dr_cb: true }, {});
    await this.#connector.open(producer, () => producer.poll());
    return producer;
  }
}
