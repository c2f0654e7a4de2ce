import type { Clock } from '../../clock.js';
import { UndertoneError } from '../../errors.js';
import type { BusRecord } from '../bus.js';
import type { KafkaDriver } from './driver.js';
import type { LogTail, TailRead } from './log-tail.js';

/** A scan that has not moved for so long begins again where it stands. */
const STALLED_AFTER_MS = 5_000;

type OnRecords = (records: readonly BusRecord[]) => void;

/**
 * Reads partitions once, up to where they end now. Transactions that are open at this moment are waited for, so that a
 * scan sees every commit that was answered before it began. Scans of one partition wait for each other.
 */
export class Scanner {
  readonly #turns = new Map<string, Promise<void>>();
  readonly #running = new Set<(error: Error) => void>();

  constructor(
    readonly driver: KafkaDriver,
    readonly tail: LogTail,
    readonly clock: Clock,
  ) {}

  async scan(topic: string, partition: number, sinceMs: number, onRecords: OnRecords): Promise<void> {
    const place = `${topic}/${partition}`;
    const turn = (this.#turns.get(place) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#scan(topic, partition, sinceMs, onRecords));
    this.#turns.set(place, turn);
    await turn;
  }

  /** Fails what is being scanned. */
  close(): void {
    const error = new UndertoneError('UT_BUS_CLOSED', 'the bus closed during a scan.');
    for (const fail of this.#running) fail(error);
  }

  async #scan(topic: string, partition: number, sinceMs: number, onRecords: OnRecords): Promise<void> {
    const end = (await this.driver.offsets(topic, partition)).high;
    const next = await this.tail.offsetSince(topic, partition, sinceMs);
    if (next >= end) return;
    await this.#readUntil(end, { topic, partition, next }, onRecords);
  }

  #readUntil(
    end: number,
    from: Pick<TailRead, 'topic' | 'partition' | 'next'>,
    onRecords: OnRecords,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        cancelLook();
        this.#running.delete(fail);
        this.tail.end(read);
        settle();
      };
      const fail = (error: unknown): void => finish(() => reject(error));
      const read: TailRead = {
        ...from,
        onRecords: (records) => {
          const standing = records.filter(({ offset }) => offset < end);
          try {
            if (standing.length > 0) onRecords(standing);
          } catch (error) {
            fail(error);
          }
        },
        onProgress: (offset) => {
          if (offset >= end) finish(resolve);
        },
      };
      const cancelLook = this.#lookAfter(read, end, () => finish(resolve));
      this.#running.add(fail);
      this.tail.begin(read);
    });
  }

  /** What expires during a scan will never be read; otherwise a reading that stands still is begun again. */
  #lookAfter(read: TailRead, end: number, finish: () => void): () => void {
    let stoodAt = read.next;
    let cancel = (): void => undefined;
    const look = async (): Promise<void> => {
      const offsets = await this.driver.offsets(read.topic, read.partition).catch(() => undefined);
      if (!isRunning) return;
      if (offsets !== undefined && offsets.low >= end) return finish();
      if (read.next === stoodAt) this.tail.begin(read);
      stoodAt = read.next;
      cancel = this.clock.setTimer(() => void look(), STALLED_AFTER_MS);
    };
    let isRunning = true;
    cancel = this.clock.setTimer(() => void look(), STALLED_AFTER_MS);
    return () => {
      isRunning = false;
      cancel();
    };
  }
}
