import { DELAY_SECONDS } from './buckets.js';
import { counter, gauge, histogram } from './definition.js';
import { LABEL } from './labels.js';

/** What calls are found to be. Nothing here counts the agent's emotion. */
export const RESULT_METRICS = {
  windows: counter('windows_total', 'Windows by what became of them.', {
    labels: { outcome: LABEL.windowOutcome },
    look: '`overload`: skipped to keep up; `error`: every thread given them died',
  }),
  windowDelay: histogram(
    'window_delay_seconds',
    'From the arrival of the last sample of a window to its point on the result log.',
    DELAY_SECONDS,
    { look: 'p99 over 0.5' },
  ),
  windowDelayNegative: counter(
    'window_delay_negative_total',
    'Points that came earlier than their audio, by the times of two clocks that differ; their delay counts as 0.',
    { look: 'it grows: the clock of this process is behind that of the brokers' },
  ),
  points: counter('points_total', "Classified windows of the customer's leg, or of a mixed one, by label.", {
    labels: { label: LABEL.emotion, queue: LABEL.queue },
  }),
  callsByLabel: gauge('calls_by_label', 'Live calls by the newest label of their timeline.', {
    labels: { label: LABEL.emotion, queue: LABEL.queue },
  }),
  alerts: counter('alerts_total', 'Alerts raised.', {
    labels: { rule: LABEL.rule, severity: LABEL.severity, queue: LABEL.queue },
  }),
} as const;
