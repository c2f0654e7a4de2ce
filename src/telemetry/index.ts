export { ClockWatch } from './clock-watch.js';
export { createEventLog, type EventLog, type LogFields } from './event-log.js';
export { EventLoopWatch, type LoopDelay } from './event-loop.js';
export { Health, type HealthReport, type PartHealth, type PartWatch, publishHealth } from './health.js';
export { LOG_EVENTS, type LogEventDefinition, type LogEventName } from './log-events.js';
export { createLogger, type Logger } from './logger.js';
export {
  createMetrics,
  LABEL,
  type Label,
  METRIC_GROUPS,
  METRICS,
  type MetricDefinition,
  type MetricName,
  type Metrics,
  OTHER_QUEUE,
  type PartName,
} from './metrics/index.js';
export { standardError } from './standard-error.js';
export * from './traces/index.js';
