import type { Clock } from '../../clock.js';
import { UndertoneError } from '../../errors.js';
import type { Bus, BusRecord, NewRecord, PartitionListener, RecordPosition, Subscription } from '../bus.js';
import { partitionOfKey } from '../partitioner.js';
import { Appender } from './appender.js';
import type { KafkaDriver } from './driver.js';
import { follow } from './follower.js';
import { LogTail } from './log-tail.js';
import { Membership } from './membership.js';
import { type KafkaObserver, SILENT_KAFKA_OBSERVER } from './observer.js';
import type { ReadAheadLimits } from './reader.js';
import { checkedRecordBytes } from './record-size.js';
import { Scanner } from './scanner.js';
import { checkTopics } from './topics.js';
import { Watch } from './watch.js';

export interface KafkaBusOptions extends ReadAheadLimits {
  readonly driver: KafkaDriver;
  /** Names of all topics; they must have equal numbers of partitions. */
  readonly topics: readonly string[];
  readonly minPartitions: number;
  readonly clock: Clock;
  readonly observer?: KafkaObserver;
  /** `group.instance.id` of this process, for drivers that know static membership. */
  readonly instanceId: string | null;
  /** False: results and offset are written one after the other, and a crash in between writes results twice. */
  readonly transactions: boolean;
  readonly lingerMs: number;
  readonly maxBufferedRecords: number;
  readonly maxBufferedBytes: number;
  readonly maxRecordBytes: number;
  readonly sessionTimeoutMs: number;
  readonly drainTimeoutMs: number;
}

export interface KafkaBus extends Bus {
  readonly driver: KafkaDriver;
}

/** The bus between processes. `start` may be called again after it has failed. */
export function createKafkaBusOn(options: KafkaBusOptions): KafkaBus {
  return new BrokerBus(options);
}

class BrokerBus implements KafkaBus {
  readonly driver: KafkaDriver;
  readonly #options: KafkaBusOptions;
  readonly #observer: KafkaObserver;
  readonly #memberships = new Set<Membership>();
  readonly #followers = new Set<Subscription>();
  readonly #watch: Watch;
  #partitions = 0;
  #open = false;
  #appender: Promise<Appender> | undefined;
  #scanner: Promise<Scanner> | undefined;

  constructor(options: KafkaBusOptions) {
    this.#options = options;
    this.driver = options.driver;
    this.#observer = options.observer ?? SILENT_KAFKA_OBSERVER;
    this.#watch = new Watch(options.driver, options.topics, options.clock, this.#observer, () =>
      this.#readers(),
    );
  }

  async start(): Promise<void> {
    const { topics, minPartitions } = this.#options;
    await this.driver.connect();
    this.#partitions = await checkTopics(this.driver, topics, minPartitions);
    this.#open = true;
    this.#watch.start(this.#partitions);
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#watch.stop();
    const { drainTimeoutMs } = this.#options;
    const subscriptions = [...this.#memberships, ...this.#followers];
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
    await (await this.#appender?.catch(() => undefined))?.close(drainTimeoutMs);
    const scanner = await this.#scanner?.catch(() => undefined);
    scanner?.close();
    await scanner?.tail.close();
    await this.driver.close();
  }

  partitionCount(topic: string): number {
    this.#check(topic);
    return this.#partitions;
  }

  partitionOf(topic: string, key: string): number {
    return partitionOfKey(key, this.partitionCount(topic));
  }

  async append(topic: string, record: NewRecord): Promise<RecordPosition> {
    this.#checkOpen(topic);
    const bytes = checkedRecordBytes(topic, record, this.#options.maxRecordBytes);
    const partition = partitionOfKey(record.key, this.#partitions);
    this.#appender ??= this.#createAppender();
    return (await this.#appender).append({ ...record, topic, partition }, bytes);
  }

  async subscribe(topic: string, group: string, listener: PartitionListener): Promise<Subscription> {
    this.#checkOpen(topic);
    const { sessionTimeoutMs } = this.#options;
    // A scan by the new owner of a partition must not wait for the tail to join its group.
    await this.#openScanner();
    const options = {
      ...this.#options,
      observer: this.#observer,
      topic,
      group,
      fencedPauseMs: sessionTimeoutMs / 2,
    };
    const membership = await Membership.join(options, listener);
    this.#memberships.add(membership);
    return { close: () => membership.close().finally(() => this.#memberships.delete(membership)) };
  }

  async follow(topic: string, sinceMs: number, listener: PartitionListener): Promise<Subscription> {
    this.#checkOpen(topic);
    const tail = this.#createTail([topic]);
    const options = { ...this.#options, tail, topic, sinceMs, partitions: this.#partitions };
    const subscription = await follow(options, listener);
    this.#followers.add(subscription);
    return { close: () => subscription.close().finally(() => this.#followers.delete(subscription)) };
  }

  async scan(
    topic: string,
    partition: number,
    sinceMs: number,
    onRecords: (records: readonly BusRecord[]) => void,
  ): Promise<void> {
    this.#checkOpen(topic);
    await (await this.#openScanner()).scan(topic, partition, sinceMs, onRecords);
  }

  async #createAppender(): Promise<Appender> {
    try {
      const producer = await this.driver.createProducer();
      return new Appender(producer, this.#options, this.#options.clock, this.#observer);
    } catch (error) {
      this.#appender = undefined;
      throw error;
    }
  }

  #openScanner(): Promise<Scanner> {
    this.#scanner ??= this.#createScanner();
    return this.#scanner;
  }

  async #createScanner(): Promise<Scanner> {
    const tail = this.#createTail(this.#options.topics);
    try {
      await tail.opened();
      return new Scanner(this.driver, tail, this.#options.clock);
    } catch (error) {
      this.#scanner = undefined;
      await tail.close();
      throw error;
    }
  }

  #createTail(topics: readonly string[]): LogTail {
    return new LogTail(this.driver, topics, this.#options.clock, (error) => this.#observer.failed(error));
  }

  #readers() {
    return [...this.#memberships].flatMap(({ readers }) => readers);
  }

  #check(topic: string): void {
    if (this.#options.topics.includes(topic)) return;
    const declared = this.#options.topics.join(', ');
    throw new UndertoneError('UT_BUS_UNKNOWN_TOPIC', `"${topic}" is none of the topics ${declared}.`, {
      place: topic,
    });
  }

  #checkOpen(topic: string): void {
    this.#check(topic);
    if (!this.#open) throw new UndertoneError('UT_BUS_CLOSED', 'the bus is not open.', { place: topic });
  }
}
