import type { Clock } from '../../clock.js';
import type { PartitionReader } from '../bus.js';
import type { KafkaDriver } from './driver.js';
import type { KafkaObserver } from './observer.js';
import { changeOfPartitions } from './topics.js';

const LAG_EVERY_MS = 10_000;
const TOPICS_EVERY_MS = 60_000;

/** Looks at the backlog of the partitions owned here, and whether the topics still are what they were at the start. */
export class Watch {
  readonly #cancels = new Map<number, () => void>();

  constructor(
    readonly driver: KafkaDriver,
    readonly topics: readonly string[],
    readonly clock: Clock,
    readonly observer: KafkaObserver,
    readonly readers: () => readonly PartitionReader[],
  ) {}

  start(partitions: number): void {
    this.#every(LAG_EVERY_MS, () => this.#lookAtLag());
    this.#every(TOPICS_EVERY_MS, () => this.#lookAtTopics(partitions));
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #every(periodMs: number, look: () => Promise<void>): void {
    const again = async (): Promise<void> => {
      await look().catch((error) => this.observer.failed(error));
      if (this.#cancels.has(periodMs)) this.#every(periodMs, look);
    };
    this.#cancels.set(
      periodMs,
      this.clock.setTimer(() => void again(), periodMs),
    );
  }

  async #lookAtLag(): Promise<void> {
    for (const reader of this.readers()) {
      const lag = (await reader.endOffset()) - reader.position;
      // It may have moved away meanwhile: nothing more is said of it here.
      if (!this.readers().includes(reader)) continue;
      this.observer.lag(reader.topic, reader.partition, Math.max(0, lag));
    }
  }

  async #lookAtTopics(partitions: number): Promise<void> {
    const error = await changeOfPartitions(this.driver, this.topics, partitions);
    if (error !== undefined) this.observer.failed(error);
  }
}
