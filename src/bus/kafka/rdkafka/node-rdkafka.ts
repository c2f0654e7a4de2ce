/**
 * What this driver uses of node-rdkafka 3: written down here so that the sources compile without the package, which is
 * an optional peer.
 */
export interface Rdkafka {
  readonly KafkaConsumer: new (
    configuration: Configuration,
    topicConfiguration: Configuration,
  ) => NativeConsumer;
  readonly Producer: new (configuration: Configuration, topicConfiguration: Configuration) => NativeProducer;
  readonly librdkafkaVersion: string;
}

/** Properties of librdkafka, as its CONFIGURATION.md lists them, and callbacks of node-rdkafka. */
export type Configuration = Record<string, unknown>;

/** `err` of a callback: code of librdkafka (below zero: its own, above: the broker's), or −1 where only a text came. */
export interface NativeError {
  readonly message: string;
  readonly code: number;
  readonly isFatal?: boolean;
  readonly isRetriable?: boolean;
  readonly isTxnRequiresAbort?: boolean;
}
export type Callback<T = unknown> = (error: NativeError | null | undefined, value: T) => void;

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** An Error where the partition failed; without offset, or with a negative one, where there is none. */
export type OffsetAnswers = readonly (Partial<TopicPartitionOffset> | Error)[];

export interface Watermarks {
  readonly lowOffset: number;
  readonly highOffset: number;
}

export interface NativeMessage extends TopicPartitionOffset {
  readonly value: Buffer | null;
  readonly key: Buffer | null;
  /** One object a header, each with one field. */
  readonly headers?: readonly Readonly<Record<string, Buffer>>[];
  readonly timestamp: number;
}

export interface Metadata {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly unknown[] }[];
}
export interface MetadataQuestion {
  readonly allTopics: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface NativeClient {
  connect(question: MetadataQuestion, done: Callback<Metadata>): void;
  getMetadata(question: MetadataQuestion, done: Callback<Metadata>): void;
  queryWatermarkOffsets(
    topic: string,
    partition: number,
    timeoutMs: number,
    done: Callback<Watermarks>,
  ): void;
  setOauthBearerToken(token: string): void;
  isConnected(): boolean;
  on<Name extends keyof NativeEvents>(event: Name, heard: NativeEvents[Name]): void;
}

export interface NativeEvents {
  'event.error': (error: NativeError) => void;
  'event.log': (entry: NativeLog) => void;
  disconnected: () => void;
  /** These two of a consumer: in their order, while it hands over what it consumed. */
  data: (message: NativeMessage) => void;
  'partition.eof': (end: TopicPartitionOffset) => void;
  /** Of a producer that was polled. */
  'delivery-report': (error: NativeError | null | undefined, report: DeliveryReport) => void;
}

export interface NativeLog {
  /** As in syslog: 3 is an error, 4 a warning. */
  readonly severity: number;
  readonly fac: string;
  readonly message: string;
}

export interface NativeConsumer extends NativeClient {
  subscribe(topics: readonly string[]): void;
  unsubscribe(): void;
  /** Of the assignor that the group has agreed on: NONE before a member's first answer to its join. */
  rebalanceProtocol(): 'NONE' | 'EAGER' | 'COOPERATIVE';
  incrementalAssign(partitions: readonly TopicPartitionOffset[]): void;
  incrementalUnassign(partitions: readonly TopicPartition[]): void;
  setDefaultConsumeTimeout(timeoutMs: number): void;
  consume(maxMessages: number, done: Callback<readonly NativeMessage[]>): void;
  commit(offsets: readonly TopicPartitionOffset[]): void;
  committed(partitions: readonly TopicPartition[], timeoutMs: number, done: Callback<OffsetAnswers>): void;
  /** `offset` of the question is a time in milliseconds since the epoch. */
  offsetsForTimes(
    times: readonly TopicPartitionOffset[],
    timeoutMs: number,
    done: Callback<OffsetAnswers>,
  ): void;
  disconnect(done: Callback): void;
}

export interface DeliveryReport extends TopicPartitionOffset {
  readonly opaque?: unknown;
}

export interface NativeProducer extends NativeClient {
  /** Copies the record into its queue. Throws a {@link NativeError}. */
  produce(
    topic: string,
    partition: number,
    value: Buffer | null,
    key: string,
    timestamp: null,
    opaque: unknown,
    headers: readonly Readonly<Record<string, string>>[],
  ): void;
  poll(): void;
  initTransactions(timeoutMs: number, done: Callback): void;
  beginTransaction(done: Callback): void;
  sendOffsetsToTransaction(
    offsets: readonly TopicPartitionOffset[],
    consumer: NativeConsumer,
    timeoutMs: number,
    done: Callback,
  ): void;
  commitTransaction(timeoutMs: number, done: Callback): void;
  abortTransaction(timeoutMs: number, done: Callback): void;
  /** Flushes for at most `timeoutMs` first. */
  disconnect(timeoutMs: number, done: Callback): void;
}
