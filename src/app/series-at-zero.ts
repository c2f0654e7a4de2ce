import { LABEL, type Metrics } from '../telemetry/index.js';
import type { AlertRule } from '../timeline/index.js';
import type { NamedQueues } from './named-queues.js';

/** Lets the series that the configuration names stand at 0 from the start, so that a rate sees the first step. */
export function beginAtZero(
  metrics: Pick<Metrics, 'alerts' | 'points' | 'callsByLabel'>,
  rules: readonly Pick<AlertRule, 'name' | 'severity'>[],
  queues: NamedQueues,
): void {
  for (const queue of queues.all) {
    for (const { name: rule, severity } of rules) metrics.alerts.inc({ rule, severity, queue }, 0);
    for (const label of LABEL.emotion.initial) {
      metrics.points.inc({ label, queue }, 0);
      metrics.callsByLabel.set({ label, queue }, 0);
    }
  }
}
