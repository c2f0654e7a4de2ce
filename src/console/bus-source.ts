import { setImmediate } from 'node:timers/promises';
import type { Bus, BusRecord, PartitionReader, Subscription } from '../bus/index.js';
import { UndertoneError } from '../errors.js';
import { type ConsoleEvent, eventOf } from './events.js';
import type { ConsoleObserver } from './observer.js';
import type { ResultSource } from './result-source.js';

/** Records taken from a partition at once: a few milliseconds of work. */
const READ_BATCH = 128;
/** A broker that has stopped answering must not keep the console from closing. */
const CATCH_UP_MS = 1000;

export interface BusSourceOptions {
  readonly bus: Bus;
  readonly topics: readonly string[];
  /** Wall clock from which on results are of interest, milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly observer: ConsoleObserver;
  readonly onEvent: (event: ConsoleEvent) => void;
}

/**
 * Reads the result topics to their ends and on. One loop a partition, in offset order; a record that is no valid
 * event is reported and skipped.
 */
export class BusSource implements ResultSource {
  readonly #options: BusSourceOptions;
  readonly #subscriptions: Subscription[] = [];
  /** Loops under way, by `topic/partition`. */
  readonly #loops = new Map<string, Promise<void>>();
  readonly #readers = new Set<PartitionReader>();

  constructor(options: BusSourceOptions) {
    this.#options = options;
  }

  /** May be called again after it has failed. */
  async start(): Promise<void> {
    try {
      for (const topic of this.#options.topics) this.#subscriptions.push(await this.#followTopic(topic));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Resolves once everything that stands on the topics now has been handed on, or after {@link CATCH_UP_MS}. */
  async catchUp(): Promise<void> {
    const untilMs = performance.now() + CATCH_UP_MS;
    for (const reader of this.#readers) {
      const end = await reader.endOffset();
      while (this.#readers.has(reader) && reader.position < end && performance.now() < untilMs) {
        await setImmediate();
      }
    }
    await setImmediate();
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.close()));
    await Promise.all(this.#loops.values());
  }

  #followTopic(topic: string): Promise<Subscription> {
    const { bus, sinceMs } = this.#options;
    return bus.follow(topic, sinceMs, {
      onAssigned: (reader) => this.#follow(reader),
      onRevoked: async (partition) => this.#loops.get(`${topic}/${partition}`),
    });
  }

  #follow(reader: PartitionReader): void {
    const name = `${reader.topic}/${reader.partition}`;
    const loop = this.#readToEnd(reader)
      .catch((error: unknown) => this.#options.observer.failed(error))
      .finally(() => {
        this.#loops.delete(name);
        this.#readers.delete(reader);
      });
    this.#readers.add(reader);
    this.#loops.set(name, loop);
  }

  async #readToEnd(reader: PartitionReader): Promise<void> {
    for (;;) {
      const records = await reader.read(READ_BATCH);
      if (records.length === 0) return;
      for (const record of records) this.#take(record);
      // A long backlog must not keep the process from its sockets, whatever kind of bus hands it over.
      if (records.length === READ_BATCH) await setImmediate();
    }
  }

  #take(record: BusRecord): void {
    try {
      const event = eventOf(record);
      if (event !== undefined) this.#options.onEvent(event);
    } catch (error) {
      if (!(error instanceof UndertoneError)) throw error;
      this.#options.observer.eventRejected(error);
    }
  }
}
