import type { BusObserver, KafkaObserver } from '../bus/index.js';
import type { CallsObserver } from '../calls/index.js';
import type { ConsoleObserver } from '../console/index.js';
import { errorCodeOf } from '../errors.js';
import type { InferenceMetrics } from '../inference/index.js';
import { type IngestObserver, maskPhoneNumbers } from '../ingest/index.js';
import type { RedisObserver, ResultObserver } from '../sink/index.js';
import type { Logger, Metrics, PartWatch } from '../telemetry/index.js';
import { kafkaObserver } from './kafka-observer.js';

/** Turns what each room reports into metrics, log lines and nothing else. */
export interface AppObservers {
  readonly bus: BusObserver;
  readonly kafka: KafkaObserver;
  readonly ingest: IngestObserver;
  readonly inference: InferenceMetrics;
  readonly results: ResultObserver;
  readonly redis: RedisObserver;
  readonly console: ConsoleObserver;
}

export function createObservers(metrics: Metrics, logger: Logger): AppObservers {
  const bus = busObserver(metrics, logger);
  return {
    bus,
    kafka: kafkaObserver(bus, metrics, logger),
    ingest: ingestObserver(metrics, logger),
    inference: inferenceMetrics(metrics, logger),
    results: resultObserver(metrics, logger),
    redis: redisObserver(metrics, logger),
    console: consoleObserver(metrics, logger),
  };
}

function busObserver(metrics: Metrics, logger: Logger): BusObserver {
  return {
    appended: (topic, _partition, _bytes, waitedMs) =>
      metrics.busAppendWait.observe({ topic }, waitedMs / 1000),
    appendWaits: (topic, partition) =>
      logger.debug({ topic, partition }, 'a full partition makes its producer wait'),
    dropped: (topic, _partition, records) => metrics.busDropped.inc({ topic }, records),
    skipped: (topic, partition, group, records) =>
      logger.warn(
        { topic, partition, group, records },
        'a reader missed records that were dropped before it came',
      ),
    listenerFailed: (topic, partition, group, err) =>
      logger.error({ topic, partition, group, err }, 'a partition moved while its reader failed to let go'),
  };
}

function ingestObserver(metrics: Metrics, logger: Logger): IngestObserver {
  return {
    feedOpened: ({ dialect }) => metrics.feedsOpen.inc({ dialect }),
    feedClosed({ dialect }, code) {
      metrics.feedsOpen.dec({ dialect });
      metrics.feedsClosed.inc({ dialect, code });
    },
    upgradeRefused(dialect, httpStatus, code) {
      metrics.feedsRefused.inc({ dialect, code });
      logger.warn({ dialect, httpStatus, code }, 'a feed was refused');
    },
    feedFaulted(feed, { code, message }) {
      metrics.feedFaults.inc({ dialect: feed.dialect, code });
      logger.warn({ ...feed, code, fault: message }, 'a feed was ended because of what it sent');
    },
    feedFailed: (feed, err) => logger.error({ ...feed, err }, 'a feed could not be served'),
    message(dialect, bytes) {
      metrics.feedMessages.inc({ dialect });
      metrics.feedBytes.inc({ dialect }, bytes);
    },
    ignored: (dialect, reason) => metrics.feedIgnored.inc({ dialect, reason }),
    audioHeard: (leg, durationMs) => metrics.audioHeardSeconds.inc({ leg }, durationMs / 1000),
    audioDropped: (leg, durationMs) => metrics.audioDroppedSeconds.inc({ leg }, durationMs / 1000),
    audioLost: (leg, durationMs) => metrics.audioLostSeconds.inc({ leg }, durationMs / 1000),
    socketPaused: (dialect) => metrics.feedPauses.inc({ dialect }),
    callStarted: (tenant) => logger.debug({ tenant }, 'a call started'),
    callEnded: (tenant, reason) => logger.debug({ tenant, reason }, 'a call ended'),
  };
}

/** What the rest of the process does about the worker's calls. */
export interface CallsOwner {
  /** Calls are somebody else's from now on. */
  readonly onReleased: (callIds: readonly string[]) => void;
  /** A batch is done with: calls may be over. */
  readonly onBatchDone: () => void;
  /** The worker can't go on. */
  readonly onFatal: CallsObserver['onFatal'];
}

/**
 * @param worker learns of the records taken and done with: a worker that has audio and finishes none is stuck
 */
export function createCallsObserver(
  { onReleased, onBatchDone, onFatal }: CallsOwner,
  metrics: Metrics,
  worker: PartWatch,
  logger: Logger,
): CallsObserver {
  return {
    onRecord(type, outcome) {
      metrics.records.inc({ type, outcome });
      worker.taken();
    },
    onBadRecord({ topic, partition, offset }, err) {
      const reason = errorCodeOf(err);
      metrics.deadLetters.inc({ reason });
      logger.warn({ topic, partition, offset, reason, err }, 'a record was left out');
    },
    onProgress(partition, liveCalls, pendingWindows) {
      metrics.callsLive.set({ partition }, liveCalls);
      metrics.windowsPending.set({ partition }, pendingWindows);
    },
    onCommitted(_partition, records) {
      worker.finished(records);
      onBatchDone();
    },
    onTakenOver(partition, calls, durationMs) {
      metrics.takeOver.observe(durationMs / 1000);
      logger.info({ partition, calls, durationMs: Math.round(durationMs) }, 'a partition was taken over');
    },
    onUnreadableState(partition, callId, err) {
      metrics.callsNotRebuilt.inc();
      logger.error(
        { partition, callId: maskPhoneNumbers(callId), err },
        'a state in the log is not understood',
      );
    },
    onReleased(partition, callIds) {
      metrics.callsLive.set({ partition }, 0);
      onReleased(callIds);
    },
    onAudioMissing(partition, calls) {
      metrics.callsNotRebuilt.inc(calls);
      logger.warn({ partition, calls }, 'calls go on as after a gap: the log no longer held their audio');
    },
    onPartitionLost(partition, err) {
      worker.idle();
      metrics.partitionsLost.inc({ reason: errorCodeOf(err) });
      logger.warn({ partition, err }, 'a partition was lost; its owner goes on from what stands in the log');
    },
    onFatal,
  };
}

function inferenceMetrics(metrics: Metrics, logger: Logger): InferenceMetrics {
  return {
    onInference: (ms) => metrics.inference.observe(ms / 1000),
    onWorkerRestart() {
      metrics.inferenceRestarts.inc();
      logger.error('an inference thread died and was replaced; its windows are run again');
    },
    onThreadGivenUp(threadsLeft, reason) {
      metrics.inferenceThreadsGivenUp.inc();
      logger.error({ threadsLeft, reason }, 'an inference thread kept dying and is not replaced any more');
    },
  };
}

function resultObserver(metrics: Metrics, logger: Logger): ResultObserver {
  return {
    point({ status }, delayMs) {
      metrics.windows.inc({ outcome: status });
      metrics.windowDelay.observe(delayMs / 1000);
    },
    hole: ({ reason, fromWindowIndex, toWindowIndex }) =>
      metrics.windows.inc({ outcome: reason }, toWindowIndex - fromWindowIndex + 1),
    alert({ state, rule, severity, callId }) {
      if (state === 'raised') metrics.alerts.inc({ rule, severity });
      logger.debug({ callId: maskPhoneNumbers(callId), rule, state }, 'alert');
    },
    summary({ state, endReason }) {
      if (state === 'ended') metrics.calls.inc({ reason: endReason ?? 'completed' });
    },
    erased: (callId) => logger.info({ callId: maskPhoneNumbers(callId) }, 'a call was erased'),
  };
}

function redisObserver(metrics: Metrics, logger: Logger): RedisObserver {
  return {
    connectionChanged(up) {
      metrics.redisUp.set(up ? 1 : 0);
      logger.debug({ up }, 'the connection to Redis changed');
    },
    failed: (err) => logger.warn({ err, code: err.code }, 'results can not be published through Redis'),
    published: (kind) => metrics.redisPublished.inc({ kind }),
    dropped: (kind, reason) => metrics.redisDropped.inc({ kind, reason }),
    stateWritten: (taken) => metrics.redisStateWrites.inc({ outcome: taken ? 'written' : 'failed' }),
    stateForgotten: () => metrics.redisStatesForgotten.inc(),
    batchDone: (oldestWaitMs) => metrics.redisPublishDelay.observe(oldestWaitMs / 1000),
    usage(queuedPublications, callStates) {
      metrics.redisQueue.set(queuedPublications);
      metrics.redisStates.set(callStates);
    },
  };
}

function consoleObserver(metrics: Metrics, logger: Logger): ConsoleObserver {
  return {
    eventApplied: () => undefined,
    eventRejected: (err) => logger.error({ err }, 'the console met an event that it can not read'),
    sourceChanged(up) {
      metrics.consoleSourceUp.set(up ? 1 : 0);
      logger.debug({ up }, 'the connection of the console to Redis changed');
    },
    sourceFailed: (err) => logger.warn({ err, code: err.code }, 'the console can not hear of calls'),
    streamOpened: () => metrics.consoleStreams.inc(),
    streamEnded(reason) {
      metrics.consoleStreams.dec();
      metrics.consoleStreamEnds.inc({ reason });
    },
    requestRefused: (code) => metrics.consoleRejections.inc({ code }),
    failed: (err) => logger.error({ err, code: errorCodeOf(err) }, 'the console failed to answer'),
  };
}
