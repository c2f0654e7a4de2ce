import { counter, gauge } from './definition.js';
import { LABEL } from './labels.js';

/** Traces, where they are switched on. */
export const TRACE_METRICS = {
  spansEnded: counter('spans_ended_total', 'Spans made; 0 where `telemetry.traces.enabled` is not set.'),
  spansExported: counter('spans_exported_total', 'Spans that the receiver took.'),
  spansDropped: counter(
    'spans_dropped_total',
    'Spans that were not sent: too many waited, the receiver did not take them, or the process ended. Calls are not touched.',
    { labels: { reason: LABEL.spanDropReason }, look: 'it grows: `traces-not-taken` in the log says why' },
  ),
  spansQueued: gauge('spans_queued', 'Spans that wait to be sent.', {
    look: 'near `telemetry.traces.maxQueuedSpans`',
  }),
} as const;
