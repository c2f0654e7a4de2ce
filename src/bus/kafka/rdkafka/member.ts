import { UndertoneError } from '../../../errors.js';
import type { DriverMember, JoinOptions, MemberListener } from '../driver.js';
import { ask } from './client.js';
import { areAllDown, fromRdkafka, isFatal, mendsItself, NATIVE, nativeCode } from './errors.js';
import { Feed } from './feed.js';
import type { Configuration, NativeConsumer, NativeError, Rdkafka, TopicPartition } from './node-rdkafka.js';
import { PendingCommits } from './pending-commits.js';
import { pauseOf, Signal, within } from './signal.js';

/** How long a closing member waits, at each step, for what the brokers or others must do. */
const CLOSE_STEP_MS = 1_500;
const UNTANGLE_POLL_MS = 10;

/**
 * A member of a group that rebalances cooperatively.
 *
 * An assignment is acknowledged without fetching anything: a partition is fetched from the first `seek` on. A revocation
 * is acknowledged when the listener has let go, or after the session time-out; until then librdkafka waits, and takes
 * the next order for that answer, so the feed is frozen meanwhile.
 */
export class RdkafkaMember implements DriverMember {
  readonly consumer: NativeConsumer;
  readonly #options: JoinOptions;
  readonly #listener: MemberListener;
  readonly #holdLimitMs: number;
  readonly #feed: Feed;
  readonly #commits: PendingCommits;
  readonly #owned = new Set<number>();
  readonly #uses = new Set<Promise<unknown>>();
  readonly #release = new Signal();
  readonly #emptied = new Signal();
  /** The group has told, at least once, what this member owns. */
  #answered = false;
  /** No broker was reachable at some time. */
  #cutOff = false;
  #failed = false;
  #closed: Promise<void> | undefined;

  /** @param holdLimitMs how long a revocation may be held. */
  constructor(
    rdkafka: Rdkafka,
    configuration: Configuration,
    options: JoinOptions,
    listener: MemberListener,
    holdLimitMs: number,
  ) {
    this.#options = options;
    this.#listener = listener;
    this.#holdLimitMs = holdLimitMs;
    this.#commits = new PendingCommits(this.#place);
    const callbacks = {
      rebalance_cb: (cause: unknown, partitions: readonly TopicPartition[]) =>
        this.#onRebalance(
          nativeCode(cause),
          partitions.map(({ partition }) => partition),
        ),
      offset_commit_cb: (error: unknown, offsets: readonly TopicPartition[]) =>
        this.#commits.settle(error, offsets),
    };
    const topicConfiguration = { 'auto.offset.reset': 'earliest' };
    this.consumer = new rdkafka.KafkaConsumer({ ...configuration, ...callbacks }, topicConfiguration);
    this.consumer.on('event.error', (error) => this.#onEvent(error));
    this.#feed = new Feed(this.consumer, {
      onRecords: (_, partition, records) => listener.onRecords(partition, records),
      onEnd: () => undefined,
      onError: (error) => this.#onError(error),
    });
  }

  get #place(): string {
    return `group ${this.#options.group}`;
  }

  /** The consumer is connected. */
  subscribe(): void {
    this.consumer.subscribe([this.#options.topic]);
    this.#feed.run();
  }

  owns(partition: number): boolean {
    return this.#owned.has(partition) && this.#closed === undefined;
  }

  /** For work that hands the consumer to librdkafka: it is not taken apart before that work has ended. */
  use<T>(work: (consumer: NativeConsumer) => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#gone());
    const use = work(this.consumer);
    this.#uses.add(use);
    const end = (): void => void this.#uses.delete(use);
    use.then(end, end);
    return use;
  }

  seek(partition: number, offset: number): void {
    if (this.owns(partition)) this.#feed.start(this.#at(partition), offset);
  }

  pause(partition: number): void {
    this.#feed.setPaused(this.#at(partition), true);
  }

  resume(partition: number): void {
    this.#feed.setPaused(this.#at(partition), false);
  }

  commit(partition: number, nextOffset: number): Promise<void> {
    if (!this.owns(partition)) return Promise.reject(this.#gone());
    const offsets = [{ ...this.#at(partition), offset: nextOffset }];
    return this.#commits.add(partition, nextOffset, () => this.consumer.commit(offsets));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** In this order because librdkafka before 2.4 never returns where partitions come and go during its own close. */
  async #close(): Promise<void> {
    this.#release.give();
    await within(CLOSE_STEP_MS, Promise.allSettled(this.#uses));
    await this.#untangle();
    await this.#leave();
    await this.#feed.end();
    this.#commits.rejectAll(this.#gone());
    if (this.#mayEnd())
      await within(
        CLOSE_STEP_MS,
        ask(this.#place, (done) => this.consumer.disconnect(done)),
      );
  }

  /** Waits for the first assignment, for as long as one can come. */
  async #untangle(): Promise<void> {
    const sinceMs = performance.now();
    for (let waitedMs = 0; !this.#answered && waitedMs < this.#holdLimitMs; ) {
      if (this.#cutOff && waitedMs > CLOSE_STEP_MS) return;
      await pauseOf(UNTANGLE_POLL_MS);
      waitedMs = performance.now() - sinceMs;
    }
  }

  /**
   * librdkafka before 2.3 ends the process where a consumer is taken apart between the group's answer to its join and
   * its first assignment. A consumer that is caught there is left as it is, outside the group.
   */
  #mayEnd(): boolean {
    return this.#answered || this.consumer.rebalanceProtocol() === 'NONE';
  }

  /** Whoever has an instance id keeps its partitions, until the session time-out gives them away. */
  async #leave(): Promise<void> {
    if (this.#failed || this.#options.instanceId !== null) return;
    this.consumer.unsubscribe();
    if (this.#owned.size > 0) await within(CLOSE_STEP_MS, this.#emptied.given);
  }

  #at(partition: number): TopicPartition {
    return { topic: this.#options.topic, partition };
  }

  #gone(): UndertoneError {
    return new UndertoneError('UT_BUS_FENCED', 'the member has left its group.', {
      place: this.#place,
      retriable: true,
    });
  }

  #onRebalance(cause: number, partitions: readonly number[]): void {
    this.#answered = true;
    if (cause === NATIVE.assignPartitions) this.#onAssigned(partitions);
    else void this.#onRevoked(partitions);
  }

  #onAssigned(partitions: readonly number[]): void {
    try {
      this.consumer.incrementalAssign([]);
    } catch (error) {
      this.#onError(error);
    }
    for (const partition of partitions) this.#owned.add(partition);
    if (partitions.length > 0 && this.#closed === undefined) this.#listener.onAssigned(partitions);
  }

  async #onRevoked(partitions: readonly number[]): Promise<void> {
    const leaving = partitions.filter((partition) => this.#owned.has(partition));
    if (leaving.length > 0 && this.#closed === undefined) {
      this.#feed.freeze();
      for (const partition of leaving) this.pause(partition);
      await within(this.#holdLimitMs, Promise.race([this.#listener.onRevoked(leaving), this.#release.given]));
    }
    for (const partition of leaving) this.#owned.delete(partition);
    this.#feed.stop(partitions.map((partition) => this.#at(partition)));
    this.#feed.thaw();
    if (this.#owned.size === 0) this.#emptied.give();
  }

  /** librdkafka reports a fatal error as an event as well, and as that alone where records came with it. */
  #onEvent(error: NativeError): void {
    if (areAllDown(error)) this.#cutOff = true;
    if (isFatal(error)) this.#onError(error);
  }

  #onError(error: unknown): void {
    if (this.#closed !== undefined || this.#failed || mendsItself(error)) return;
    this.#failed = true;
    this.#listener.onFailed(isFatal(error) ? this.#displaced(error) : fromRdkafka(error, this.#place));
    void this.close();
  }

  /** The one thing that is fatal to a member. */
  #displaced(cause: unknown): UndertoneError {
    const detail = `another member came with the instance id "${this.#options.instanceId}".`;
    return new UndertoneError('UT_BUS_FENCED', detail, { place: this.#place, retriable: true, cause });
  }
}
