import type { Kafka } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
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
import { KafkajsCluster } from './cluster.js';
import { createClient, liveTlsOf } from './connection.js';
import { KafkajsMember } from './member.js';
import { KafkajsProducer } from './producer.js';
import { KafkajsTail } from './tail.js';
import { KafkajsTransactions } from './transactions.js';

/** The driver that needs nothing but npm: pure JavaScript, eager rebalances, fencing by transactional id alone. */
export function createKafkajsDriver(options: KafkaClientOptions): KafkaDriver {
  return new KafkajsDriver(options);
}

class KafkajsDriver implements KafkaDriver {
  readonly name = 'kafkajs';
  readonly abilities = {
    staticMembership: false,
    cooperativeRebalance: false,
    generationFencing: false,
    holdsRevocation: false,
  };
  readonly #options: KafkaClientOptions;
  /** For what loses its place in a group, or a transaction, when it gives up. */
  readonly #patient: Kafka;
  /** For appends: nobody sends them again. */
  readonly #stubborn: Kafka;
  readonly #cluster: KafkajsCluster;

  constructor(options: KafkaClientOptions) {
    this.#options = options;
    const secure = liveTlsOf(options);
    this.#patient = createClient(options, 'long', secure);
    this.#stubborn = createClient(options, 'very long', secure);
    this.#cluster = new KafkajsCluster(createClient(options, 'short', secure), options.brokers);
  }

  connect(): Promise<void> {
    return this.#cluster.connect();
  }

  close(): Promise<void> {
    return this.#cluster.close();
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#cluster.partitionCounts(topics);
  }

  offsets(topic: string, partition: number): Promise<{ readonly low: number; readonly high: number }> {
    return this.#cluster.offsets(topic, partition);
  }

  committed(group: string, topic: string, partition: number): Promise<number | null> {
    return this.#cluster.committed(group, topic, partition);
  }

  async createProducer(): Promise<DriverProducer> {
    const producer = new KafkajsProducer(this.#stubborn);
    await producer.connect();
    return producer;
  }

  createTransactions(transactionalId: string): Promise<DriverTransactions> {
    return KafkajsTransactions.create(this.#patient, transactionalId, this.#options.transactionTimeoutMs);
  }

  async join(options: JoinOptions, listener: MemberListener): Promise<DriverMember> {
    if (options.instanceId !== null) {
      const detail = `kafkajs knows no static membership, but the instance id "${options.instanceId}" is set.`;
      throw new UndertoneError('UT_KAFKA_DRIVER_LACKS', detail, { place: 'bus.kafka.instanceId' });
    }
    return KafkajsMember.join(this.#patient, options, this.#options.sessionTimeoutMs, listener);
  }

  createTail(topics: readonly string[], listener: TailListener): Promise<DriverTail> {
    return KafkajsTail.open(this.#patient, topics, listener, this.#cluster);
  }
}
