export { METRIC_GROUPS, METRICS, type MetricName } from './catalogue.js';
export { createMetrics, type Metrics } from './create-metrics.js';
export type { Label, MetricDefinition } from './definition.js';
export { LABEL, OTHER_QUEUE, type PartName } from './labels.js';
