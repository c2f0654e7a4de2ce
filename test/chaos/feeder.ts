import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes, Kafka, logLevel, type Message, type Producer } from 'kafkajs';
import { partitionOfKey } from '../../src/bus/index.js';
import type { CallPlan } from './call-plan.js';
import { scriptOf, type TimedRecord } from './call-script.js';
import type { Journal } from './journal.js';

const TICK_MS = 50;
/** Well below what a broker takes in one batch, whatever the partition. */
const MAX_BYTES_A_SEND = 500_000;
const RECORD_OVERHEAD_BYTES = 400;
const RETRY_MS = 200;
/** Longer than any outage of the brokers here. */
const GIVE_UP_MS = 90_000;

export interface FeederOptions {
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
}

/** What was written. */
export interface Fed {
  readonly records: number;
  readonly poison: number;
}

/** A script that is under way. */
interface Performance {
  readonly plan: CallPlan;
  readonly script: Generator<TimedRecord>;
  next: TimedRecord | undefined;
}

/**
 * Stands in for the gateways: writes the audio of all calls when it is due, each record once, in order for each call.
 * While the broker is away it waits, and then catches up.
 */
export class Feeder {
  readonly #options: FeederOptions;
  readonly #journal: Journal;
  readonly #producer: Producer;
  #records = 0;
  #poison = 0;

  constructor(options: FeederOptions, journal: Journal) {
    this.#options = options;
    this.#journal = journal;
    const brokers = options.bootstrap.split(',');
    const kafka = new Kafka({ clientId: 'chaos-feeder', brokers, logLevel: logLevel.NOTHING });
    const retry = { initialRetryTime: 100, maxRetryTime: 500, retries: Number.MAX_SAFE_INTEGER };
    this.#producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry });
  }

  /** Resolves once everything has been written. */
  async feed(plans: readonly CallPlan[]): Promise<Fed> {
    await this.#producer.connect();
    const beganAt = Date.now();
    const open = plans.map((plan): Performance => {
      const script = scriptOf(plan);
      return { plan, script, next: script.next().value };
    });
    while (open.some(({ next }) => next !== undefined)) {
      const due = this.#due(open, Date.now() - beganAt);
      if (due.records.length > 0) await this.#send(due.records);
      if (!due.isFull) await sleep(TICK_MS);
    }
    await this.#producer.disconnect();
    return { records: this.#records, poison: this.#poison };
  }

  #due(open: readonly Performance[], nowMs: number): { records: TimedRecord[]; isFull: boolean } {
    const records: TimedRecord[] = [];
    let bytes = 0;
    for (const performance of open) {
      const { plan } = performance;
      const mediaMs = (nowMs - plan.startsAtMs) * plan.speed;
      while (performance.next !== undefined && performance.next.atMs <= mediaMs) {
        if (bytes > MAX_BYTES_A_SEND) return { records, isFull: true };
        const { value } = performance.next.record;
        bytes += RECORD_OVERHEAD_BYTES + (value?.length ?? 0);
        records.push(performance.next);
        performance.next = performance.script.next().value;
      }
    }
    return { records, isFull: false };
  }

  /** An idempotent producer may repeat a send whose answer was lost. */
  async #send(due: readonly TimedRecord[]): Promise<void> {
    const messages = due.map(({ record }): Message => {
      const partition = partitionOfKey(record.key, this.#options.partitions);
      const { value, headers, key } = record;
      return { key, value: value === null ? null : Buffer.from(value), headers: { ...headers }, partition };
    });
    for (const sinceMs = Date.now(); ; ) {
      try {
        await this.#producer.send({
          topic: this.#options.topic,
          messages,
          acks: -1,
          compression: CompressionTypes.None,
        });
        break;
      } catch (error) {
        this.#journal.note('the feeder could not write', { error: String(error) });
        if (Date.now() - sinceMs > GIVE_UP_MS) throw error;
        await sleep(RETRY_MS);
      }
    }
    this.#records += due.length;
    this.#poison += due.filter(({ poison }) => poison).length;
  }
}
