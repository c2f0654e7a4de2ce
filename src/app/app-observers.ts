import type { BusObserver, KafkaObserver } from '../bus/index.js';
import type { CallsObserver } from '../calls/index.js';
import type { ConsoleObserver } from '../console/index.js';
import { errorCodeOf } from '../errors.js';
import type { InferenceMetrics } from '../inference/index.js';
import type { IngestObserver } from '../ingest/index.js';
import type { RedisObserver, ResultObserver } from '../sink/index.js';
import type { EventLog, Metrics, PartWatch } from '../telemetry/index.js';
import { kafkaObserver } from './kafka-observer.js';
import { LiveLabels } from './live-labels.js';
import type { NamedQueues } from './named-queues.js';
import { resultObserver } from './result-observer.js';

/** Turns what each room reports into metrics, log lines and nothing else. */
export interface AppObservers {
  readonly bus: BusObserver;
  readonly kafka: KafkaObserver;
  readonly ingest: IngestObserver;
  readonly inference: InferenceMetrics;
  readonly results: ResultObserver;
  readonly redis: RedisObserver;
  readonly console: ConsoleObserver;
  /** Fed by `results`; to be told of calls that leave this process. */
  readonly labels: LiveLabels;
}

export function createObservers(metrics: Metrics, queues: NamedQueues, events: EventLog): AppObservers {
  const bus = busObserver(metrics, events);
  const labels = new LiveLabels(metrics, queues);
  return {
    bus,
    kafka: kafkaObserver(bus, metrics, events),
    ingest: ingestObserver(metrics, events),
    inference: inferenceMetrics(metrics, events),
    results: resultObserver(metrics, labels, queues, events),
    redis: redisObserver(metrics, events),
    console: consoleObserver(metrics, events),
    labels,
  };
}

function busObserver(metrics: Metrics, events: EventLog): BusObserver {
  return {
    appended: (topic, _partition, _bytes, waitedMs) =>
      metrics.busAppendWait.observe({ topic }, waitedMs / 1000),
    appendWaits: (topic, partition) => events.report('append-waits', { topic, partition }),
    dropped: (topic, _partition, records) => metrics.busDropped.inc({ topic }, records),
    skipped: (topic, partition, group, records) =>
      events.report('records-skipped', { topic, partition, group, records }),
    listenerFailed: (topic, partition, group, err) =>
      events.report('reader-did-not-let-go', { topic, partition, group, err }),
  };
}

function ingestObserver(metrics: Metrics, events: EventLog): IngestObserver {
  return {
    feedOpened({ dialect }) {
      metrics.feedsOpened.inc({ dialect });
      metrics.feedsOpen.inc({ dialect });
    },
    feedClosed({ dialect }, code) {
      metrics.feedsOpen.dec({ dialect });
      metrics.feedsClosed.inc({ dialect, code });
    },
    upgradeRefused(dialect, httpStatus, code) {
      metrics.feedsRefused.inc({ dialect, code });
      events.report('feed-refused', { dialect, httpStatus, code });
    },
    feedFaulted(feed, { code, message }) {
      metrics.feedFaults.inc({ dialect: feed.dialect, code });
      events.report('feed-ended-for-fault', { ...feed, code, fault: message });
    },
    feedFailed: (feed, err) => events.report('feed-failed', { ...feed, err }),
    message(dialect, bytes) {
      metrics.feedMessages.inc({ dialect });
      metrics.feedBytes.inc({ dialect }, bytes);
    },
    ignored: (dialect, reason) => metrics.feedIgnored.inc({ dialect, reason }),
    audioHeard: (leg, durationMs) => metrics.audioHeardSeconds.inc({ leg }, durationMs / 1000),
    audioDropped: (leg, durationMs) => metrics.audioDroppedSeconds.inc({ leg }, durationMs / 1000),
    audioLost: (leg, durationMs) => metrics.audioLostSeconds.inc({ leg }, durationMs / 1000),
    socketPaused: (dialect) => metrics.feedPauses.inc({ dialect }),
    callStarted: (callId, tenant) => events.report('call-started', { callId, tenant }),
    callEnded: (callId, tenant, reason) => events.report('call-ended', { callId, tenant, reason }),
    callLeft: (callId, tenant) => events.report('call-left', { callId, tenant }),
  };
}

/** What the rest of the process does about the worker's calls. */
export interface CallsOwner {
  /** Topic of the audio log. */
  readonly topic: string;
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
  { topic, onReleased, onBatchDone, onFatal }: CallsOwner,
  metrics: Metrics,
  worker: PartWatch,
  events: EventLog,
): CallsObserver {
  return {
    onRecord(type, outcome) {
      metrics.records.inc({ type, outcome });
      worker.taken();
    },
    onBadRecord({ topic, partition, offset, key }, err) {
      metrics.deadLetters.inc({ reason: errorCodeOf(err) });
      events.report('record-left-out', { callId: key, topic, partition, offset, err });
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
      events.report('partition-taken-over', { partition, calls, durationMs: Math.round(durationMs) });
    },
    onUnreadableState(partition, callId, err) {
      metrics.callsNotRebuilt.inc();
      events.report('state-unreadable', { partition, callId, err });
    },
    onReleased(partition, callIds) {
      metrics.callsLive.remove({ partition });
      metrics.windowsPending.remove({ partition });
      metrics.kafkaLag.remove({ topic, partition });
      metrics.kafkaPaused.remove({ topic, partition });
      onReleased(callIds);
    },
    onAudioMissing(partition, calls) {
      metrics.callsNotRebuilt.inc(calls);
      events.report('audio-missing', { partition, calls });
    },
    onPartitionLost(partition, err) {
      worker.idle();
      metrics.partitionsLost.inc({ reason: errorCodeOf(err) });
      events.report('partition-lost', { partition, err });
    },
    onFatal,
  };
}

function inferenceMetrics(metrics: Metrics, events: EventLog): InferenceMetrics {
  return {
    onInference: (ms) => metrics.inference.observe(ms / 1000),
    onWorkerRestart() {
      metrics.inferenceRestarts.inc();
      events.report('thread-replaced');
    },
    onThreadGivenUp(threadsLeft, reason) {
      metrics.inferenceThreadsGivenUp.inc();
      events.report('thread-given-up', { threadsLeft, reason });
    },
  };
}

function redisObserver(metrics: Metrics, events: EventLog): RedisObserver {
  return {
    connectionChanged(up) {
      metrics.redisUp.set(up ? 1 : 0);
      events.report('redis-connection', { up });
    },
    failed: (err) => events.report('redis-failed', { err }),
    tlsFilesKept: (err) => events.report('tls-files-kept', { err }),
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

function consoleObserver(metrics: Metrics, events: EventLog): ConsoleObserver {
  return {
    eventApplied: () => undefined,
    eventRejected: (err) => events.report('console-event-unreadable', { err }),
    sourceChanged(up) {
      metrics.consoleSourceUp.set(up ? 1 : 0);
      events.report('console-source', { up });
    },
    sourceFailed: (err) => events.report('console-source-failed', { err }),
    tlsFilesKept: (err) => events.report('tls-files-kept', { err }),
    streamOpened: () => metrics.consoleStreams.inc(),
    streamEnded(reason) {
      metrics.consoleStreams.dec();
      metrics.consoleStreamEnds.inc({ reason });
    },
    requestRefused: (code) => metrics.consoleRejections.inc({ code }),
    failed: (err) => events.report('console-failed', { err }),
  };
}
