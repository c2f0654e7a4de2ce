import type { FetchedRecord } from '../driver.js';
import type { NativeConsumer, TopicPartition } from './node-rdkafka.js';
import { type Position, Positions } from './positions.js';
import { pauseOf } from './signal.js';

/** Messages of one look into librdkafka's queue: few enough not to keep the event loop. */
const MAX_MESSAGES = 256;
/** Pause after a look that found nothing: with a partition being fetched, and without one. */
const POLL_MS = 2;
const IDLE_POLL_MS = 10;

export interface FeedListener {
  onRecords(topic: string, partition: number, records: readonly FetchedRecord[]): void;
  /** The end of what can be read now lies at `offset`; only where the consumer is configured to tell. */
  onEnd(topic: string, partition: number, offset: number): void;
  /** What node-rdkafka said; the feed goes on. */
  onError(error: unknown): void;
}

/**
 * Fetches partitions of one consumer, each from where it is told.
 *
 * librdkafka is asked for two things alone: to fetch a partition from an offset, and to stop. A pause stops, and going
 * on fetches anew from the expected offset, so that nothing depends on what lies in its queue. Looks never wait, because
 * a look that waits holds one of the few threads of libuv's pool. There is one look at a time, and what is wanted is told
 * to librdkafka between looks, so that a look finds records of one fetch of a partition, not of two.
 */
export class Feed {
  readonly #consumer: NativeConsumer;
  readonly #listener: FeedListener;
  readonly #positions = new Positions();
  #frozen = false;
  #looking = false;
  #running = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(consumer: NativeConsumer, listener: FeedListener) {
    this.#consumer = consumer;
    this.#listener = listener;
    consumer.setDefaultConsumeTimeout(0);
    consumer.on('data', (message) => this.#positions.take(message));
    consumer.on('partition.eof', (end) => this.#positions.takeEnd(end));
  }

  run(): void {
    this.#running = true;
    this.#ended = this.#loop();
  }

  /** Resolves when no look is under way and none will follow. */
  async end(): Promise<void> {
    this.#running = false;
    await this.#ended;
  }

  start(place: TopicPartition, offset: number): void {
    this.#positions.set(place, offset);
    this.#settle();
  }

  setPaused(place: TopicPartition, paused: boolean): void {
    const position = this.#positions.get(place);
    if (position === undefined) return;
    position.wanted = !paused;
    // What comes meanwhile is dropped, so that this fetch has a hole from here on.
    if (paused) position.stale = position.fetching;
    this.#settle();
  }

  /** One call to librdkafka for all, even if it fetches none of them: in a rebalance that call is its answer. */
  stop(partitions: readonly TopicPartition[]): void {
    const fetched = partitions.filter((place) => this.#positions.get(place)?.fetching);
    for (const place of partitions) this.#positions.delete(place);
    this.#tell(() =>
      this.#consumer.incrementalUnassign(fetched.map(({ topic, partition }) => ({ topic, partition }))),
    );
  }

  /** While frozen nothing but {@link stop} is said to librdkafka; {@link thaw} says the rest. */
  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    this.#settle();
  }

  /** Tells librdkafka what is wanted, unless it has to wait: then for the end of the look, or for the thaw. */
  #settle(): void {
    if (this.#frozen || this.#looking) return;
    for (const position of this.#positions.all()) this.#settleOne(position);
  }

  #settleOne(position: Position): void {
    const { topic, partition, expected: offset, wanted } = position;
    if (position.fetching && (position.stale || !wanted)) {
      position.fetching = !this.#tell(() => this.#consumer.incrementalUnassign([{ topic, partition }]));
    }
    if (position.fetching || !wanted) return;
    position.fetching = this.#tell(() => this.#consumer.incrementalAssign([{ topic, partition, offset }]));
    position.stale = false;
  }

  #tell(order: () => void): boolean {
    try {
      order();
      return true;
    } catch (error) {
      this.#listener.onError(error);
      return false;
    }
  }

  async #loop(): Promise<void> {
    while (this.#running) {
      const found = await this.#look();
      if (found === 0) await pauseOf(this.#anyWanted() ? POLL_MS : IDLE_POLL_MS);
    }
  }

  /** Number of messages found. */
  #look(): Promise<number> {
    this.#looking = true;
    return new Promise((resolve) => {
      this.#consumer.consume(MAX_MESSAGES, (error, messages) => {
        this.#looking = false;
        this.#settle();
        if (error) this.#listener.onError(error);
        this.#handOver();
        resolve(error ? 0 : messages.length);
      });
    });
  }

  #handOver(): void {
    for (const { topic, partition, records, end } of this.#positions.found()) {
      if (records.length > 0) this.#listener.onRecords(topic, partition, records);
      if (end !== null) this.#listener.onEnd(topic, partition, end);
    }
  }

  #anyWanted(): boolean {
    for (const { wanted } of this.#positions.all()) if (wanted) return true;
    return false;
  }
}
