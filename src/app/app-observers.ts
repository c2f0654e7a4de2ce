import type { BusObserver } from '../bus/index.js';
import type { CallsObserver } from '../calls/index.js';
import type { ConsoleObserver } from '../console/index.js';
import { errorCodeOf } from '../errors.js';
import type { InferenceMetrics } from '../inference/index.js';
import { type IngestObserver, maskPhoneNumbers } from '../ingest/index.js';
import type { ResultObserver } from '../sink/index.js';
import type { Logger, Metrics, PartWatch } from '../telemetry/index.js';

/** Turns what each room reports into metrics, log lines and nothing else. */
export interface AppObservers {
  readonly bus: BusObserver;
  readonly ingest: IngestObserver;
  readonly calls: CallsObserver;
  readonly inference: InferenceMetrics;
  readonly results: ResultObserver;
  readonly console: ConsoleObserver;
}

/**
 * @param worker learns of the records taken and done with: a worker that has audio and finishes none is stuck
 * @param calls what the owner of the process does about records and failures
 */
export function createObservers(
  metrics: Metrics,
  logger: Logger,
  worker: PartWatch,
  calls: Pick<CallsObserver, 'onBadRecord' | 'onFatal'>,
): AppObservers {
  return {
    bus: busObserver(metrics, logger),
    ingest: ingestObserver(metrics, logger),
    calls: callsObserver(calls, metrics, worker),
    inference: inferenceMetrics(metrics, logger),
    results: resultObserver(metrics, logger),
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

function callsObserver(
  { onBadRecord, onFatal }: Pick<CallsObserver, 'onBadRecord' | 'onFatal'>,
  metrics: Metrics,
  worker: PartWatch,
): CallsObserver {
  return {
    onRecord(type, outcome) {
      metrics.records.inc({ type, outcome });
      worker.taken();
    },
    onBadRecord(record, error) {
      worker.taken();
      onBadRecord(record, error);
    },
    onProgress(partition, liveCalls, pendingWindows) {
      metrics.callsLive.set({ partition }, liveCalls);
      metrics.windowsPending.set({ partition }, pendingWindows);
    },
    onCommitted: (_partition, records) => worker.finished(records),
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
  };
}

function consoleObserver(metrics: Metrics, logger: Logger): ConsoleObserver {
  return {
    eventApplied: () => undefined,
    eventRejected: (err) => logger.error({ err }, 'the console met an event that it can not read'),
    streamOpened: () => metrics.consoleStreams.inc(),
    streamEnded(reason) {
      metrics.consoleStreams.dec();
      metrics.consoleStreamEnds.inc({ reason });
    },
    requestRefused: (code) => metrics.consoleRejections.inc({ code }),
    failed: (err) => logger.error({ err, code: errorCodeOf(err) }, 'the console failed to answer'),
  };
}
