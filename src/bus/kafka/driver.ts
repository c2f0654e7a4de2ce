import type { BusRecord, NewRecord, RecordPosition } from '../bus.js';

/**
 * The narrow side of a Kafka client. `kafkajs` and `node-rdkafka` implement it; everything that Undertone promises
 * (order, fencing, exactly-once commits, back-pressure) is built on it once, in this folder.
 *
 * Errors are `UndertoneError`s: UT_KAFKA_UNREACHABLE, UT_KAFKA_AUTHENTICATION, UT_KAFKA_AUTHORIZATION,
 * UT_KAFKA_TOPIC_MISSING, UT_BUS_RECORD_TOO_LARGE, UT_BUS_FENCED, UT_KAFKA_FAILED; `retriable` says whether the
 * same call may succeed later.
 */
export interface KafkaDriver {
  readonly name: 'kafkajs' | 'node-rdkafka';
  readonly abilities: DriverAbilities;
  /** Reaches a broker and proves the credentials. */
  connect(): Promise<void>;
  close(): Promise<void>;
  /** Partition counts; topics that don't exist are missing from the answer. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Oldest offset kept, and the one that the next record will get: behind open transactions too. */
  offsets(topic: string, partition: number): Promise<{ readonly low: number; readonly high: number }>;
  /** The group's committed offset, or null. Call only once earlier owners are fenced. */
  committed(group: string, topic: string, partition: number): Promise<number | null>;
  createProducer(): Promise<DriverProducer>;
  createTransactions(transactionalId: string): Promise<DriverTransactions>;
  join(options: JoinOptions, listener: MemberListener): Promise<DriverMember>;
  /** A reader without a group that reads committed records of any partition of `topics`, each from where it is told. */
  createTail(topics: readonly string[], listener: TailListener): Promise<DriverTail>;
}

/** What a client can do beyond the least that is needed. */
export interface DriverAbilities {
  /** `group.instance.id`: a restart within the session time-out moves no partition. */
  readonly staticMembership: boolean;
  /** A rebalance leaves the partitions alone that do not move. */
  readonly cooperativeRebalance: boolean;
  /** A commit is refused by the group's generation, not by the transactional id alone. */
  readonly generationFencing: boolean;
  /** A partition is not given away before `onRevoked` has ended. */
  readonly holdsRevocation: boolean;
}

export interface TopicDefinition {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** What became of a record that was sent: where it stands, or why it stands nowhere. */
export type SendOutcome = RecordPosition | Error;

/** Idempotent, acks of all in-sync replicas, order kept per partition. */
export interface DriverProducer {
  /**
   * Sends records of several partitions at once.
   *
   * @returns what became of each, in their order; rejects where one of them was refused and of the others nobody knows
   */
  send(records: readonly PlacedRecord[]): Promise<readonly SendOutcome[]>;
  close(): Promise<void>;
}

export interface PlacedRecord extends NewRecord {
  readonly topic: string;
  readonly partition: number;
}

/** One transactional id. Creating it fences every other holder of the id and settles what that one left behind. */
export interface DriverTransactions {
  /**
   * Writes the records and the group's offset in one transaction. After a rejection it is not known whether the
   * transaction was committed, and this object must be closed and made anew (except for UT_BUS_RECORD_TOO_LARGE,
   * after which it has been aborted and may be used on).
   */
  commit(step: TransactionStep): Promise<void>;
  close(): Promise<void>;
}

export interface TransactionStep {
  readonly records: readonly PlacedRecord[];
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  /** The member that reads the partition, for drivers that fence by generation. */
  readonly member: DriverMember;
}

export interface JoinOptions {
  readonly group: string;
  readonly topic: string;
  /** `group.instance.id`, or null; refused by drivers without static membership. */
  readonly instanceId: string | null;
}

/** Callbacks only enqueue; `onRevoked` alone may be awaited, by drivers that hold a revocation. */
export interface MemberListener {
  /** Partitions that are new to this member. Nothing of them is fetched before {@link DriverMember.seek}. */
  onAssigned(partitions: readonly number[]): void;
  /** Partitions that left, or are about to leave, this member. */
  onRevoked(partitions: readonly number[]): Promise<void>;
  /** Records in offset order for each partition, none below the last seek. */
  onRecords(partition: number, records: readonly FetchedRecord[]): void;
  /** The client gave up; the member is gone, and all its partitions with it. */
  onFailed(error: Error): void;
}

export interface DriverMember {
  /** Fetches the partition from `offset` on, also where it was paused before. */
  seek(partition: number, offset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
  /** Non-transactional commit of the next offset to be read. */
  commit(partition: number, nextOffset: number): Promise<void>;
  /** Leaves the group (static members keep their place). */
  close(): Promise<void>;
}

/** A record as it came; a missing key or one that is no UTF-8 is ''. */
export type FetchedRecord = BusRecord;

export interface TailListener {
  onRecords(topic: string, partition: number, records: readonly FetchedRecord[]): void;
  /** Everything before `offset` has been handed over, what is not visible (aborted, markers) included. */
  onProgress(topic: string, partition: number, offset: number): void;
  onFailed(error: Error): void;
}

export interface DriverTail {
  /** First offset whose record is not older than `sinceMs`, or the next to be written. */
  offsetSince(topic: string, partition: number, sinceMs: number): Promise<number>;
  read(topic: string, partition: number, fromOffset: number): void;
  stop(topic: string, partition: number): void;
  close(): Promise<void>;
}
