import { BUS_METRICS } from './bus.js';
import { CALL_METRICS } from './calls.js';
import { CONSOLE_METRICS } from './console.js';
import type { MetricDefinition } from './definition.js';
import { FEED_METRICS } from './feeds.js';
import { KAFKA_METRICS } from './kafka.js';
import { MODEL_METRICS } from './model.js';
import { PROCESS_METRICS } from './process.js';
import { REDIS_METRICS } from './redis.js';
import { RESULT_METRICS } from './results.js';
import { TRACE_METRICS } from './traces.js';

/** Every metric of Undertone. No label holds what a stranger sends: no call id, tenant, phone number or token. */
export const METRICS = {
  ...FEED_METRICS,
  ...CALL_METRICS,
  ...RESULT_METRICS,
  ...MODEL_METRICS,
  ...BUS_METRICS,
  ...KAFKA_METRICS,
  ...REDIS_METRICS,
  ...CONSOLE_METRICS,
  ...TRACE_METRICS,
  ...PROCESS_METRICS,
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

/** The same in the order of the path, under the headings of the glossary. */
export const METRIC_GROUPS: readonly {
  readonly title: string;
  readonly metrics: Readonly<Record<string, MetricDefinition>>;
}[] = [
  { title: 'Feeds', metrics: FEED_METRICS },
  { title: 'Calls', metrics: CALL_METRICS },
  { title: 'Results', metrics: RESULT_METRICS },
  { title: 'Model', metrics: MODEL_METRICS },
  { title: 'Bus in memory', metrics: BUS_METRICS },
  { title: 'Kafka', metrics: KAFKA_METRICS },
  { title: 'Redis', metrics: REDIS_METRICS },
  { title: 'Console', metrics: CONSOLE_METRICS },
  { title: 'Traces', metrics: TRACE_METRICS },
  { title: 'Process', metrics: PROCESS_METRICS },
];
