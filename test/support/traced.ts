import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Tracer } from '../../src/telemetry/index.js';
import { openTelemetryTracer } from '../../src/telemetry/traces/open-telemetry.js';

/** A span as {@link tracerInMemory} keeps it. */
export interface MadeSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A tracer whose spans go nowhere. */
export function tracerInMemory(): { readonly tracer: Tracer; spans(): Promise<readonly MadeSpan[]> } {
  const exporter = new InMemorySpanExporter();
  const nothing = () => undefined;
  const tracer = openTelemetryTracer(
    {
      endpoint: '',
      headers: {},
      maxQueuedSpans: 100_000,
      sendEveryMs: 3_600_000,
      timeoutMs: 1000,
      service: { name: 'test', instanceId: '1', version: '0' },
      observer: { ended: nothing, exported: nothing, dropped: nothing, queued: nothing, failed: nothing },
    },
    { export: (spans, onResult) => exporter.export(spans, onResult), shutdown: async () => undefined },
  );
  return {
    tracer,
    async spans() {
      await tracer.close(1000);
      return exporter.getFinishedSpans().map(made);
    },
  };
}

function made(span: ReadableSpan): MadeSpan {
  const { traceId, spanId } = span.spanContext();
  const [seconds, nanoseconds] = span.duration;
  return {
    ...{ traceId, spanId, name: span.name, attributes: span.attributes },
    parentSpanId: span.parentSpanContext?.spanId ?? '',
    durationMs: seconds * 1000 + nanoseconds / 1e6,
    failed: span.status.code === SpanStatusCode.ERROR,
  };
}
