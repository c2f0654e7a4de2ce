import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { CountedExport, MAX_BATCH_SPANS } from './counted-export.js';
import { type AttributesOf, SPANS, type SpanDefinition, type SpanName } from './span-catalogue.js';
import type { OpenSpan, TraceParent, Tracer, TracerOptions } from './tracer.js';

const SAMPLED = 1;
/** Call ids and tenants are strangers' words. */
const MAX_ATTRIBUTE_CHARS = 256;

const KINDS: Readonly<Record<SpanDefinition['kind'], SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** @param exporter where spans go; by default to the endpoint, as OTLP over HTTP in JSON */
export function openTelemetryTracer(
  options: TracerOptions,
  exporter: SpanExporter = otlpExporter(options),
): Tracer {
  const queue = new CountedExport(exporter, options);
  const { name, instanceId, version } = options.service;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': name,
      'service.instance.id': instanceId,
      'service.version': version,
    }),
    spanLimits: { attributeValueLengthLimit: MAX_ATTRIBUTE_CHARS },
    spanProcessors: [queue],
  });
  const spans = provider.getTracer('undertone', version);
  const start = <S extends SpanName>(
    spanName: S,
    parent: TraceParent | null,
    startTime: number,
    attributes: AttributesOf<S>,
  ) => {
    const kind = KINDS[SPANS[spanName].kind];
    return spans.startSpan(spanName, { kind, startTime, attributes: { ...attributes } }, contextOf(parent));
  };
  return {
    start: (spanName, parent, startMs, attributes) =>
      openSpan(start(spanName, parent, startMs, attributes), startMs),
    record: (spanName, parent, [startMs, endMs], attributes) =>
      start(spanName, parent, startMs, attributes).end(Math.max(startMs, endMs)),
    sampled(header) {
      const context = header === undefined ? null : parseTraceParent(header);
      return context !== null && (context.traceFlags & SAMPLED) !== 0 ? header! : null;
    },
    close: (withinMs) => closeWithin(queue, withinMs),
  };
}

type ExporterOptions = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;
const GZIP = 'gzip' as NonNullable<ExporterOptions['compression']>;

function otlpExporter({ endpoint, headers, timeoutMs, maxQueuedSpans }: TracerOptions): SpanExporter {
  return new OTLPTraceExporter({
    url: endpoint,
    headers: { ...headers },
    timeoutMillis: timeoutMs,
    compression: GZIP,
    // At the end all that waits is sent at once.
    concurrencyLimit: Math.ceil(maxQueuedSpans / MAX_BATCH_SPANS) + 1,
  });
}

/** Clocks of brokers and workers may differ: no span ends before it begins. */
function openSpan<S extends SpanName>(span: Span, startMs: number): OpenSpan<S> {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    set: (attributes) => void span.setAttributes({ ...attributes }),
    end(atMs, failed = false) {
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(Math.max(startMs, atMs));
    },
  };
}

function contextOf(parent: TraceParent | null): Context {
  const context = parent === null ? null : parseTraceParent(parent);
  if (context === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...context, isRemote: true });
}

async function closeWithin(queue: CountedExport, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([queue.shutdown(), late]);
  clearTimeout(timer);
  queue.giveUp();
}
