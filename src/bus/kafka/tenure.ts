import type { Clock } from '../../clock.js';
import { errorCodeOf, UndertoneError } from '../../errors.js';
import type { PartitionListener, ResultRecord } from '../bus.js';
import { settledWithin } from './back-off.js';
import { type Committer, createPlainCommitter, createTransactionalCommitter } from './committer.js';
import type { DriverMember, KafkaDriver } from './driver.js';
import type { KafkaObserver } from './observer.js';
import { type Feed, KafkaReader, type ReadAheadLimits } from './reader.js';
import { checkedRecordBytes } from './record-size.js';

export interface TenureOptions extends ReadAheadLimits {
  readonly driver: KafkaDriver;
  readonly group: string;
  readonly topic: string;
  readonly transactions: boolean;
  readonly maxRecordBytes: number;
  /** How long a listener may take to let go of a partition. */
  readonly drainTimeoutMs: number;
  readonly clock: Clock;
  readonly observer: KafkaObserver;
}

/**
 * One time of owning a partition, from the take-over to the loss.
 *
 * What always holds: the reader is made after earlier owners were fenced and the committed offset was read, in this
 * order; after a commit of unknown outcome, or one that was refused to this owner, nothing more is committed.
 */
export class Tenure {
  reader: KafkaReader | undefined;
  #committer: Committer | undefined;
  /** Settles with the newest commit, whatever comes of it. */
  #committing: Promise<void> = Promise.resolve();
  #live = true;
  readonly #sinceMs: number;

  /** @param onBroken the owner gave up, or a commit failed in a way that ends the tenure. */
  constructor(
    readonly partition: number,
    readonly options: TenureOptions,
    readonly onBroken: (error: unknown) => void,
  ) {
    this.#sinceMs = options.clock.nowMs();
  }

  get ageMs(): number {
    return this.options.clock.nowMs() - this.#sinceMs;
  }

  get live(): boolean {
    return this.#live;
  }

  /** Gives the reader, or undefined if the partition was lost meanwhile. */
  async begin(member: DriverMember): Promise<KafkaReader | undefined> {
    const { driver, group, topic, transactions, observer } = this.options;
    const { partition } = this;
    if (!this.#live) return undefined;
    const create = transactions ? createTransactionalCommitter : createPlainCommitter;
    const committer = await create(driver, { group, topic, partition, member });
    this.#committer = committer;
    try {
      const start = await this.#startOffset();
      if (!this.#live) throw new UndertoneError('UT_BUS_FENCED', 'it moved on during the take-over.');
      this.reader = new KafkaReader(topic, partition, start, this.options, this.#feed(member));
      member.seek(partition, start);
      observer.takenOver(topic, partition, this.ageMs);
      return this.reader;
    } catch (error) {
      this.#committer = undefined;
      await committer.close();
      if (this.#live) throw error;
      return undefined;
    }
  }

  /** Ends the reads, lets the listener finish what it has in hand, then refuses commits; one under way is waited for. */
  async end(listener: PartitionListener): Promise<void> {
    this.#live = false;
    const { reader } = this;
    if (reader !== undefined) {
      reader.stop();
      await this.#drain(listener);
      reader.fence();
    }
    // librdkafka ends the process where a client is closed under a commit.
    const closed = this.#committing.then(() => this.#committer?.close());
    await settledWithin(closed, this.options.drainTimeoutMs, this.options.clock);
  }

  async #drain(listener: PartitionListener): Promise<void> {
    const { drainTimeoutMs, clock, observer, topic, group } = this.options;
    const complain = (error: unknown): void => observer.listenerFailed(topic, this.partition, group, error);
    const work = Promise.resolve()
      .then(() => listener.onRevoked(this.partition))
      .catch(complain);
    if (await settledWithin(work, drainTimeoutMs, clock)) return;
    complain(new Error(`The partition was not let go within ${drainTimeoutMs} ms.`));
  }

  /** A committed offset that the log has dropped, or does not reach, counts as none. */
  async #startOffset(): Promise<number> {
    const { driver, group, topic, observer } = this.options;
    const committed = await driver.committed(group, topic, this.partition);
    const { low, high } = await driver.offsets(topic, this.partition);
    if (committed === null) return low;
    if (committed < low) observer.skipped(topic, this.partition, group, low - committed);
    return committed < low || committed > high ? low : committed;
  }

  #feed(member: DriverMember): Feed {
    const { driver, topic, observer } = this.options;
    const { partition } = this;
    return {
      pause: () => {
        member.pause(partition);
        observer.paused(topic, partition, true);
      },
      resume: () => {
        member.resume(partition);
        observer.paused(topic, partition, false);
      },
      endOffset: async () => (await driver.offsets(topic, partition)).high,
      commit: (nextOffset, results) => this.#commit(nextOffset, results),
      abandon: (error) => {
        if (this.#live) this.#break(error);
      },
    };
  }

  async #commit(nextOffset: number, results: readonly ResultRecord[]): Promise<void> {
    const { topic, maxRecordBytes, clock, observer } = this.options;
    for (const result of results) checkedRecordBytes(result.topic, result, maxRecordBytes);
    const sinceMs = clock.nowMs();
    try {
      const committing = this.#committer!.commit(nextOffset, results);
      this.#committing = committing.catch(() => undefined);
      await committing;
    } catch (error) {
      observer.commitFailed(topic, this.partition, error);
      if (errorCodeOf(error) !== 'UT_BUS_RECORD_TOO_LARGE') this.#break(error);
      throw error;
    }
    observer.committed(topic, this.partition, results.length, clock.nowMs() - sinceMs);
  }

  #break(error: unknown): void {
    this.reader?.fence();
    if (errorCodeOf(error) === 'UT_BUS_FENCED')
      this.options.observer.fenced(this.options.topic, this.partition);
    if (!this.#live) return;
    this.#live = false;
    this.onBroken(error);
  }
}
