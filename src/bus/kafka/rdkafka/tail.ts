import type { DriverTail, TailListener } from '../driver.js';
import { ask, REQUEST_TIMEOUT_MS } from './client.js';
import { fromRdkafka, mendsItself } from './errors.js';
import { Feed } from './feed.js';
import { offsetsOf } from './lookups.js';
import type { NativeConsumer, OffsetAnswers } from './node-rdkafka.js';
import { within } from './signal.js';

const CLOSE_LIMIT_MS = 1_500;

/** Reads partitions without being a member of a group. The consumer is connected, and reports ends of partitions. */
export class RdkafkaTail implements DriverTail {
  readonly #consumer: NativeConsumer;
  readonly #feed: Feed;
  #over = false;

  constructor(consumer: NativeConsumer, listener: TailListener) {
    this.#consumer = consumer;
    this.#feed = new Feed(consumer, {
      onRecords: (topic, partition, records) => {
        listener.onRecords(topic, partition, records);
        listener.onProgress(topic, partition, records.at(-1)!.offset + 1);
      },
      onEnd: (topic, partition, offset) => listener.onProgress(topic, partition, offset),
      onError: (error) => {
        if (this.#over || mendsItself(error)) return;
        this.#over = true;
        listener.onFailed(fromRdkafka(error, 'reader without a group'));
      },
    });
    this.#feed.run();
  }

  async offsetSince(topic: string, partition: number, sinceMs: number): Promise<number> {
    const { low, high } = await offsetsOf(this.#consumer, { topic, partition });
    if (sinceMs <= 0) return low;
    if (sinceMs === Number.POSITIVE_INFINITY) return high;
    const time = { topic, partition, offset: Math.ceil(sinceMs) };
    const [found] = await ask<OffsetAnswers>(topic, (done) =>
      this.#consumer.offsetsForTimes([time], REQUEST_TIMEOUT_MS, done),
    );
    if (found instanceof Error) throw fromRdkafka(found, topic);
    return found?.offset === undefined || found.offset < 0 ? high : found.offset;
  }

  read(topic: string, partition: number, fromOffset: number): void {
    this.#feed.start({ topic, partition }, fromOffset);
  }

  stop(topic: string, partition: number): void {
    this.#feed.stop([{ topic, partition }]);
  }

  async close(): Promise<void> {
    this.#over = true;
    await this.#feed.end();
    await within(
      CLOSE_LIMIT_MS,
      ask('reader without a group', (done) => this.#consumer.disconnect(done)),
    );
  }
}
