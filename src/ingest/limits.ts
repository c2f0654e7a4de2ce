/** The bounds of a gateway. Every one has a default in {@link DEFAULT_INGEST_LIMITS}. */
export interface IngestLimits {
  /** Feeds open at once. */
  readonly maxStreams: number;
  /** Feeds open at once for one tenant. */
  readonly maxStreamsPerTenant: number;
  /** Largest WebSocket message. */
  readonly maxMessageBytes: number;
  /** Messages a second of a live feed, as a mean over two seconds. More ends the feed. */
  readonly maxMessagesPerSecond: number;
  /** Messages a second of a feed that is not live, as a mean over two seconds. More makes it wait. */
  readonly maxReplayMessagesPerSecond: number;
  /** Messages of one feed that may wait for the bus; beyond, its socket is not read. */
  readonly maxQueuedChunksPerFeed: number;
  /** Messages of a leg are gathered into records of about so much audio; a longer message is a record by itself. */
  readonly recordMs: number;
  /** Longest wait for the start message. */
  readonly startTimeoutMs: number;
  /** A feed that sends nothing for so long is ended. */
  readonly idleTimeoutMs: number;
  /** The same for a feed that has announced a pause; also how long a pause goes on after its feed broke. */
  readonly pauseTimeoutMs: number;
  /** How far the media time of a live call may be ahead of the time passed, with what its feeds say is lost or paused. */
  readonly maxAheadMs: number;
  /** How long a call waits for a feed after its last one broke. */
  readonly reconnectGraceMs: number;
  /** How long the answer to a wrong signature or token is held back, so that guessing is slow. */
  readonly refusalDelayMs: number;
}

export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  maxStreams: 200,
  maxStreamsPerTenant: 100,
  maxMessageBytes: 65_536,
  maxMessagesPerSecond: 400,
  maxReplayMessagesPerSecond: 10_000,
  maxQueuedChunksPerFeed: 256,
  recordMs: 128,
  startTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  pauseTimeoutMs: 900_000,
  maxAheadMs: 10_000,
  reconnectGraceMs: 15_000,
  refusalDelayMs: 500,
};
