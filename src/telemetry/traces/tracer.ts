import type { AttributesOf, SpanName } from './span-catalogue.js';

/**
 * Place of a span in its trace, as the header `traceparent` of W3C Trace Context says it; always of a trace that is
 * sampled.
 */
export type TraceParent = string;

/** Name of the header that carries a {@link TraceParent} on records. */
export const TRACEPARENT = 'traceparent';

/** A span that has begun. One that is never ended is never sent. */
export interface OpenSpan<S extends SpanName> {
  readonly traceparent: TraceParent;
  set(attributes: AttributesOf<S>): void;
  /** @param failed what it stands for did not come about */
  end(atMs: number, failed?: boolean): void;
}

/** Makes spans. Times are wall clock, ms since the epoch; every method returns at once and never throws. */
export interface Tracer {
  /** @param parent null begins a trace */
  start<S extends SpanName>(
    name: S,
    parent: TraceParent | null,
    startMs: number,
    attributes: AttributesOf<S>,
  ): OpenSpan<S>;
  /** A span that is over already. */
  record<S extends SpanName>(
    name: S,
    parent: TraceParent,
    timesMs: readonly [start: number, end: number],
    attributes: AttributesOf<S>,
  ): void;
  /** What a header of a stranger says, where it can be understood and its trace is sampled. */
  sampled(header: string | undefined): TraceParent | null;
  /** Sends what waits, for at most `withinMs`; what is left then is dropped. */
  close(withinMs: number): Promise<void>;
}

/** Hears what becomes of spans. No call may throw. */
export interface TracerObserver {
  ended(): void;
  exported(spans: number): void;
  /** `queue-full`: as many wait as may; `not-taken`: the receiver is away or refused them; `shutdown`: no time was left. */
  dropped(reason: SpanDropReason, spans: number): void;
  /** Spans that wait to be sent. */
  queued(spans: number): void;
  /** Some of them could not be sent. */
  failed(error: unknown): void;
}

export type SpanDropReason = 'queue-full' | 'not-taken' | 'shutdown';

export interface TracerOptions {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxQueuedSpans: number;
  readonly sendEveryMs: number;
  readonly timeoutMs: number;
  /** What the process is called: `service.name`, `service.instance.id`, `service.version`. */
  readonly service: { readonly name: string; readonly instanceId: string; readonly version: string };
  readonly observer: TracerObserver;
}

/** Loads OpenTelemetry, which a process without traces never does, and makes a tracer of it. */
export async function createTracer(options: TracerOptions): Promise<Tracer> {
  const { openTelemetryTracer } = await import('./open-telemetry.js');
  return openTelemetryTracer(options);
}
