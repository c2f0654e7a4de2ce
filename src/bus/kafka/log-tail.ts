import type { Clock } from '../../clock.js';
import type { BusRecord } from '../bus.js';
import { BackOff } from './back-off.js';
import type { DriverTail, KafkaDriver, TailListener } from './driver.js';

/** The reading of one partition. */
export interface TailRead {
  readonly topic: string;
  readonly partition: number;
  /** Where to go on; the tail moves it. */
  next: number;
  onRecords(records: readonly BusRecord[]): void;
  /** Everything visible before `offset` has been handed over. */
  onProgress(offset: number): void;
}

/**
 * A driver's tail that outlives its client: where that gives up, another is made, and every reading goes on where it
 * stood. One reading a partition at a time.
 */
export class LogTail implements TailListener {
  readonly #reads = new Map<string, TailRead>();
  readonly #backOff: BackOff;
  #tail: Promise<DriverTail>;
  #closed = false;

  constructor(
    readonly driver: KafkaDriver,
    readonly topics: readonly string[],
    clock: Clock,
    readonly onTrouble: (error: unknown) => void,
  ) {
    this.#backOff = new BackOff(clock);
    this.#tail = this.driver.createTail(this.topics, this);
    this.#tail.catch(() => undefined);
  }

  async opened(): Promise<void> {
    await this.#tail;
  }

  async offsetSince(topic: string, partition: number, sinceMs: number): Promise<number> {
    return (await this.#tail).offsetSince(topic, partition, sinceMs);
  }

  /** Begins, or goes on after `end`. */
  begin(read: TailRead): void {
    const place = placeOf(read.topic, read.partition);
    this.#reads.set(place, read);
    void this.#tail.then(
      (tail) => {
        if (this.#reads.get(place) === read) tail.read(read.topic, read.partition, read.next);
      },
      () => undefined,
    );
  }

  end({ topic, partition }: TailRead): void {
    this.#reads.delete(placeOf(topic, partition));
    const stop = (tail: DriverTail): void => {
      if (!this.#reads.has(placeOf(topic, partition))) tail.stop(topic, partition);
    };
    void this.#tail.then(stop, () => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#backOff.stop();
    const tail = await this.#tail.catch(() => undefined);
    await tail?.close();
  }

  onRecords(topic: string, partition: number, records: readonly BusRecord[]): void {
    const read = this.#reads.get(placeOf(topic, partition));
    if (read === undefined) return;
    read.next = records.at(-1)!.offset + 1;
    read.onRecords(records);
  }

  onProgress(topic: string, partition: number, offset: number): void {
    const read = this.#reads.get(placeOf(topic, partition));
    if (read === undefined) return;
    read.next = Math.max(read.next, offset);
    read.onProgress(offset);
  }

  onFailed(error: Error): void {
    this.onTrouble(error);
    if (this.#closed) return;
    this.#tail = this.#reopen(this.#tail);
    this.#tail.catch(() => undefined);
    for (const read of this.#reads.values()) this.begin(read);
  }

  async #reopen(before: Promise<DriverTail>): Promise<DriverTail> {
    const gone = await before.catch(() => undefined);
    await gone?.close().catch(() => undefined);
    for (let attempt = 0; ; attempt++) {
      if (this.#closed) throw new Error('The tail is closed.');
      try {
        return await this.driver.createTail(this.topics, this);
      } catch (error) {
        this.onTrouble(error);
        await this.#backOff.wait(attempt);
      }
    }
  }
}

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;
