import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
import type { DriverMember, JoinOptions, MemberListener } from '../driver.js';
import { stickyAssigner } from './assigner.js';
import { fromKafkajs } from './errors.js';
import { joinPatiently } from './patience.js';
import { toFetchedRecord } from './records.js';
import { whileRunning } from './while-running.js';

/** How long one fetch waits for records; what was resumed in between waits as long. */
const MAX_WAIT_MS = 50;

interface Owned {
  /** Next offset to be handed over; undefined until the first seek, while nothing is fetched. */
  expected: number | undefined;
  paused: boolean;
}

/**
 * A member of a consumer group.
 *
 * What always holds: a partition is fetched only between its first seek and its loss, and while not paused; records go
 * to the listener in offset order, none below the last seek. kafkajs forgets pauses and positions at each rebalance:
 * they are put back in GROUP_JOIN, before the next fetch. A new member id means that others may have owned everything
 * meanwhile, so all partitions count as lost and newly assigned.
 */
export class KafkajsMember implements DriverMember {
  readonly #consumer: Consumer;
  readonly #topic: string;
  readonly #listener: MemberListener;
  readonly #owned = new Map<number, Owned>();
  #memberId = '';
  #closed = false;
  /** Before that, a failure is the rejection of the join and nothing else. */
  #hasJoined = false;
  #joined!: () => void;
  #refused!: (error: Error) => void;

  static async join(
    client: Kafka,
    { group, topic }: JoinOptions,
    sessionTimeoutMs: number,
    listener: MemberListener,
  ): Promise<KafkajsMember> {
    return joinPatiently(async () => {
      const member = new KafkajsMember(client, group, topic, sessionTimeoutMs, listener);
      await member.#run();
      return member;
    });
  }

  private constructor(
    client: Kafka,
    readonly group: string,
    topic: string,
    sessionTimeoutMs: number,
    listener: MemberListener,
  ) {
    this.#topic = topic;
    this.#listener = listener;
    this.#consumer = client.consumer({
      groupId: group,
      partitionAssigners: [stickyAssigner(() => [...this.#owned.keys()])],
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs,
      // A rebalance is heard of in the answer to a heartbeat.
      heartbeatInterval: Math.min(1_000, Math.floor(sessionTimeoutMs / 4)),
      maxWaitTimeInMs: MAX_WAIT_MS,
      allowAutoTopicCreation: false,
      metadataMaxAge: 30_000,
      retry: { restartOnFailure: async () => false },
    });
  }

  seek(partition: number, offset: number): void {
    const owned = this.#owned.get(partition);
    if (owned === undefined) return;
    owned.expected = offset;
    whileRunning(() => this.#consumer.seek({ topic: this.#topic, partition, offset: String(offset) }));
    this.resume(partition);
  }

  pause(partition: number): void {
    const owned = this.#owned.get(partition);
    if (owned === undefined) return;
    owned.paused = true;
    whileRunning(() => this.#consumer.pause([{ topic: this.#topic, partitions: [partition] }]));
  }

  resume(partition: number): void {
    const owned = this.#owned.get(partition);
    if (owned === undefined) return;
    owned.paused = false;
    if (owned.expected !== undefined)
      whileRunning(() => this.#consumer.resume([{ topic: this.#topic, partitions: [partition] }]));
  }

  async commit(partition: number, nextOffset: number): Promise<void> {
    const place = `${this.#topic}/${partition}`;
    if (this.#closed || !this.#owned.has(partition)) {
      throw new UndertoneError('UT_BUS_FENCED', `${this.group} no longer owns it here.`, { place });
    }
    await this.#consumer
      .commitOffsets([{ topic: this.#topic, partition, offset: String(nextOffset) }])
      .catch((error) => {
        throw fromKafkajs(error, place);
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#owned.clear();
    await this.#consumer.disconnect();
  }

  /** Resolves with the first assignment; rejects if the client gives up before. */
  async #run(): Promise<void> {
    const { GROUP_JOIN, CRASH } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, (event) => this.#onJoin(event));
    this.#consumer.on(CRASH, ({ payload }) => this.#onCrash(payload.error));
    const first = new Promise<void>((resolve, reject) => {
      this.#joined = () => {
        this.#hasJoined = true;
        resolve();
      };
      this.#refused = reject;
    });
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true });
      const eachBatch = async (payload: EachBatchPayload): Promise<void> => this.#onBatch(payload);
      await Promise.all([first, this.#consumer.run({ autoCommit: false, eachBatch })]);
    } catch (error) {
      this.#closed = true;
      await this.#consumer.disconnect().catch(() => undefined);
      throw fromKafkajs(error, this.group);
    }
  }

  #onJoin({ payload }: ConsumerGroupJoinEvent): void {
    if (this.#closed) return;
    const assigned = payload.memberAssignment[this.#topic] ?? [];
    const isOther = payload.memberId !== this.#memberId;
    this.#memberId = payload.memberId;
    const lost = [...this.#owned.keys()].filter((partition) => isOther || !assigned.includes(partition));
    for (const partition of lost) this.#owned.delete(partition);
    const gained = assigned.filter((partition) => !this.#owned.has(partition));
    for (const [partition, owned] of this.#owned) this.#putBack(partition, owned);
    for (const partition of gained) this.#owned.set(partition, { expected: undefined, paused: false });
    if (gained.length > 0)
      whileRunning(() => this.#consumer.pause([{ topic: this.#topic, partitions: gained }]));
    if (lost.length > 0) void this.#listener.onRevoked(lost);
    if (gained.length > 0) this.#listener.onAssigned(gained);
    this.#joined();
  }

  #putBack(partition: number, { expected, paused }: Owned): void {
    const offset = expected;
    const place = { topic: this.#topic, partitions: [partition] };
    if (offset === undefined || paused) whileRunning(() => this.#consumer.pause([place]));
    if (offset !== undefined)
      whileRunning(() => this.#consumer.seek({ topic: this.#topic, partition, offset: String(offset) }));
  }

  /** A batch from before the last seek is stale, one from before a rebalance may hold records that came already. */
  #onBatch({ batch, isStale }: EachBatchPayload): void {
    const { topic, partition } = batch;
    const owned = this.#owned.get(partition);
    if (owned?.expected === undefined || isStale()) return;
    const { expected } = owned;
    const records = batch.messages.map((message) => toFetchedRecord(topic, partition, message));
    const fresh = records.filter(({ offset }) => offset >= expected);
    owned.expected = Math.max(expected, Number(batch.lastOffset()) + 1);
    if (fresh.length > 0) this.#listener.onRecords(partition, fresh);
  }

  #onCrash(cause: Error): void {
    const error = fromKafkajs(cause, this.group);
    this.#refused(error);
    if (this.#closed || !this.#hasJoined) return;
    this.#closed = true;
    this.#owned.clear();
    this.#listener.onFailed(error);
  }
}
