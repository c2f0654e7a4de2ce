export { EventLoopWatch, type LoopDelay } from './event-loop.js';
export { Health, type HealthReport, type PartHealth, type PartWatch } from './health.js';
export { createLogger, type Logger } from './logger.js';
export { createMetrics, METRICS, type MetricDefinition, type MetricName, type Metrics } from './metrics.js';
