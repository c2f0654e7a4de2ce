import type { ResultObserver } from '../sink/index.js';
import type { EventLog, Metrics } from '../telemetry/index.js';
import type { LiveLabels } from './live-labels.js';
import type { NamedQueues } from './named-queues.js';

/** Brokers stamp whole milliseconds, and clocks that are kept right differ by some. */
const CLOCK_TOLERANCE_MS = 100;

/** What is found out about calls, as metrics and log lines. */
export function resultObserver(
  metrics: Metrics,
  labels: LiveLabels,
  queues: NamedQueues,
  events: EventLog,
): ResultObserver {
  return {
    point(point, delayMs, queue) {
      const { status, leg, label } = point;
      metrics.windows.inc({ outcome: status });
      metrics.windowDelay.observe(Math.max(0, delayMs) / 1000);
      if (delayMs < -CLOCK_TOLERANCE_MS) metrics.windowDelayNegative.inc();
      if (leg !== 'agent' && label !== null) metrics.points.inc({ label, queue: queues.of(queue) });
      labels.point(point, delayMs, queue);
    },
    hole: ({ reason, fromWindowIndex, toWindowIndex }) =>
      metrics.windows.inc({ outcome: reason }, toWindowIndex - fromWindowIndex + 1),
    alert({ state, rule, severity, callId, queue }) {
      if (state === 'raised') metrics.alerts.inc({ rule, severity, queue: queues.of(queue) });
      events.report('alert', { callId, rule, severity, state });
    },
    summary({ state, endReason, callId }) {
      if (state !== 'ended') return;
      metrics.calls.inc({ reason: endReason ?? 'completed' });
      labels.forget(callId);
    },
    erased(callId) {
      labels.forget(callId);
      events.report('call-erased', { callId });
    },
  };
}
