import { fromRdkafka } from './errors.js';
import type { TopicPartition } from './node-rdkafka.js';

interface Pending {
  readonly partition: number;
  readonly nextOffset: number;
  resolve(): void;
  reject(error: Error): void;
}

/** Offsets that were sent to the group's coordinator; its answers come in their order, without a name. */
export class PendingCommits {
  readonly #place: string;
  #pending: Pending[] = [];

  constructor(place: string) {
    this.#place = place;
  }

  /** @param send hands the commit to librdkafka, or throws. */
  add(partition: number, nextOffset: number, send: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      try {
        send();
        this.#pending.push({ partition, nextOffset, resolve, reject });
      } catch (error) {
        reject(fromRdkafka(error, this.#place));
      }
    });
  }

  settle(error: unknown, offsets: readonly (TopicPartition & { readonly offset?: number })[]): void {
    for (const { partition, offset } of offsets) {
      const at = this.#pending.findIndex(
        (each) => each.partition === partition && each.nextOffset === offset,
      );
      const [found] = at < 0 ? [] : this.#pending.splice(at, 1);
      if (error === undefined || error === null) found?.resolve();
      else found?.reject(fromRdkafka(error, this.#place));
    }
  }

  rejectAll(error: Error): void {
    for (const { reject } of this.#pending) reject(error);
    this.#pending = [];
  }
}
