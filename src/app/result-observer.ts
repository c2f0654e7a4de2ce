import type { ResultObserver } from '../sink/index.js';
import type { EventLog, Metrics } from '../telemetry/index.js';
import type { LiveLabels } from './live-labels.js';

/** What is found out about calls, as metrics and log lines. */
export function resultObserver(metrics: Metrics, labels: LiveLabels, events: EventLog): ResultObserver {
  return {
    point(point, delayMs) {
      const { status, leg, label } = point;
      metrics.windows.inc({ outcome: status });
      metrics.windowDelay.observe(delayMs / 1000);
      if (leg !== 'agent' && label !== null) metrics.points.inc({ label });
      labels.point(point, delayMs);
    },
    hole: ({ reason, fromWindowIndex, toWindowIndex }) =>
      metrics.windows.inc({ outcome: reason }, toWindowIndex - fromWindowIndex + 1),
    alert({ state, rule, severity, callId }) {
      if (state === 'raised') metrics.alerts.inc({ rule, severity });
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
