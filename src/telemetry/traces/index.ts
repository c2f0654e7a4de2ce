export {
  type AttributesOf,
  SPAN_ATTRIBUTES,
  SPANS,
  type SpanDefinition,
  type SpanName,
} from './span-catalogue.js';
export {
  createTracer,
  type OpenSpan,
  type SpanDropReason,
  TRACEPARENT,
  type TraceParent,
  type Tracer,
  type TracerObserver,
  type TracerOptions,
} from './tracer.js';
