/**
 * The bus: an append-only, keyed, partitioned log with consumer offsets. It is the seam between the roles; `memory`
 * (embedded) and `kafka` implement it and pass the same contract tests.
 *
 * What always holds:
 * - A key always goes to the same partition of a topic; topics with equal partition counts place a key alike.
 * - Offsets of a partition start at 0 and grow by one a record; records are read in offset order.
 * - A group's members share a topic's partitions; one partition is read by one member of a group at a time.
 * - A new reader of a group starts at the group's committed offset, or at the oldest record kept.
 * - When a reader is handed to its listener, every earlier owner of the partition is fenced: it commits nothing more.
 */
export interface Bus {
  start(): Promise<void>;
  /** Ends every subscription (pending reads return `[]`), then releases everything. */
  close(): Promise<void>;
  /** Throws UT_BUS_UNKNOWN_TOPIC for a topic that was not declared. */
  partitionCount(topic: string): number;
  /** The partition `key` belongs to, for `partitionCount(topic)` partitions. */
  partitionOf(topic: string, key: string): number;
  /**
   * Appends one record. On a topic with back-pressure the promise stays pending while the partition is full; this
   * is how a slow worker slows its producers. Rejects with UT_BUS_RECORD_TOO_LARGE, UT_BUS_CLOSED.
   */
  append(topic: string, record: NewRecord): Promise<RecordPosition>;
  /** Joins `group`; the listener hears of partitions as they come and go. */
  subscribe(topic: string, group: string, listener: PartitionListener): Promise<Subscription>;
  /**
   * Reads all partitions of a topic for this reader alone, from the first record not older than `sinceMs` (wall
   * clock), without a group and without commits: for those who watch.
   */
  follow(topic: string, sinceMs: number, listener: PartitionListener): Promise<Subscription>;
  /**
   * Hands over what stands in one partition now, in offset order, from the first record not older than `sinceMs`
   * (wall clock, −∞ for all). Resolves at the end; of transactions only what was committed is seen.
   */
  scan(
    topic: string,
    partition: number,
    sinceMs: number,
    onRecords: (records: readonly BusRecord[]) => void,
  ): Promise<void>;
}

/** The side of a bus that those need who only write. */
export type BusWriter = Pick<Bus, 'append'>;

export interface NewRecord {
  readonly key: string;
  /** `null` is a tombstone on compacted topics. */
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordPosition {
  readonly partition: number;
  readonly offset: number;
}

export interface BusRecord extends NewRecord, RecordPosition {
  readonly topic: string;
  /** Wall clock at append, milliseconds since the epoch. */
  readonly timestampMs: number;
}

export interface PartitionListener {
  /** Only enqueues: the reader is handed to the loop that will own the partition. */
  onAssigned(reader: PartitionReader): void;
  /** The partition is about to move away; resolves once nothing of it is in flight. */
  onRevoked(partition: number): Promise<void>;
}

export interface PartitionReader {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the record that the next read begins with. */
  readonly position: number;
  /** Offset that the partition's next record will get: a reader whose position is there has read everything. */
  endOffset(): Promise<number>;
  /** The next records in order, at least one; `[]` once the reader is closed or revoked. One call at a time. */
  read(maxRecords: number): Promise<readonly BusRecord[]>;
  /**
   * Writes `results`, each to this reader's partition of its topic, and says that all records before `nextOffset`
   * need not be read again by this group. Where the bus has transactions both happen, or neither.
   *
   * Rejects with UT_BUS_FENCED where the partition has another owner, and with a retriable error where it is not known
   * whether the step was carried out: the work is then taken up again from what stands in the log. Readers of
   * {@link Bus.follow} reject every commit.
   */
  commit(nextOffset: number, results?: readonly ResultRecord[]): Promise<void>;
  /**
   * The owner can't go on. From here on reads give `[]` and commits are refused; the listener hears `onRevoked`, and the
   * partition is taken over anew at the committed offset, by whoever owns it then. Does nothing to a reader that is
   * closed or revoked, or whose commit has ended it; a reader of {@link Bus.follow} ends and has no successor.
   */
  abandon(error: unknown): void;
}

/** A record that {@link PartitionReader.commit} writes: its partition is the reader's, whatever its key. */
export interface ResultRecord extends NewRecord {
  readonly topic: string;
}

export interface Subscription {
  close(): Promise<void>;
}

/** How a topic of the memory bus is kept. */
export interface TopicSettings {
  readonly partitions: number;
  /**
   * `until-committed`: a record stays until every group has committed past it, and a full partition makes `append`
   * wait. `newest`: a full partition drops its oldest record (readers that had not come so far skip it, counted).
   */
  readonly retention: 'until-committed' | 'newest';
  readonly maxRecordsPerPartition: number;
  readonly maxBytesPerPartition: number;
}
