import { hostname } from 'node:os';
import { systemClock as clock } from '../../clock.js';
import type { Config } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { FailureReporter } from '../../sink/index.js';
import { createTracer, type EventLog, type Metrics, type TracerObserver } from '../../telemetry/index.js';
import { packageVersion } from '../package-version.js';
import type { Part } from '../parts.js';
import { GatewayTraces } from './gateway-traces.js';
import { WorkerTraces } from './worker-traces.js';

/** The traces of a process, and what of them is to be put around its parts. */
export interface Traces {
  readonly gateway: GatewayTraces;
  readonly worker: WorkerTraces;
  /** Sends what waits when it is closed: the first part, so that it is closed last. */
  readonly part: Part;
}

/** What is not sent by then is not worth the wait: a supervisor wants the process to end. */
const MAX_FLUSH_MS = 2_000;

/** Null where traces are switched off: then nothing of them is loaded, and nothing stands around any part. */
export async function createTraces(
  config: Config,
  metrics: Metrics,
  events: EventLog,
): Promise<Traces | null> {
  const { enabled, share, serviceName, ...sending } = config.telemetry.traces;
  if (!enabled) return null;
  const tracer = await createTracer({
    ...sending,
    service: {
      name: serviceName ?? serviceNameOf(config),
      instanceId: config.bus.kafka.instanceId ?? `${hostname()}/${process.pid}`,
      version: packageVersion(),
    },
    observer: tracerObserver(sending.endpoint, metrics, events),
  });
  return {
    gateway: new GatewayTraces({ tracer, clock, share }),
    worker: new WorkerTraces(tracer, clock),
    part: {
      name: 'traces',
      start: async () => undefined,
      close: (deadlineMs) => tracer.close(Math.min(deadlineMs, MAX_FLUSH_MS)),
    },
  };
}

function serviceNameOf({ roles: [role, ...others] }: Config): string {
  return others.length > 0 ? 'undertone' : `undertone-${role}`;
}

function tracerObserver(endpoint: string, metrics: Metrics, events: EventLog): TracerObserver {
  const failures = new FailureReporter({ failed: (err) => events.report('traces-not-taken', { err }) }, () =>
    clock.nowMs(),
  );
  return {
    ended: () => metrics.spansEnded.inc(),
    exported: (spans) => metrics.spansExported.inc(spans),
    dropped: (reason, spans) => metrics.spansDropped.inc({ reason }, spans),
    queued: (spans) => metrics.spansQueued.set(spans),
    failed: (cause) => failures.report(notTaken(endpoint, cause)),
  };
}

/** What an answer of the receiver says stays out of the log: it may repeat what it was sent. */
function notTaken(endpoint: string, cause: unknown): UndertoneError {
  const { code, message = 'no reason was given' } = (cause ?? {}) as { code?: unknown; message?: string };
  const detail = typeof code === 'number' ? `It answers ${code}.` : `${message}.`;
  return new UndertoneError('UT_TRACES_NOT_TAKEN', detail, { place: endpoint, retriable: true });
}
