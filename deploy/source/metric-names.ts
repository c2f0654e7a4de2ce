import { METRICS, type MetricName } from '../../src/telemetry/index.js';

/** Names by the keys of the catalogue: an expression can't name a metric that is not there. */
export const metric = Object.fromEntries(
  Object.entries(METRICS).map(([key, { name }]) => [key, name]),
) as Readonly<Record<MetricName, string>>;

/** Selects what belongs to processes of Undertone among metrics that every process has. */
export const ofUndertone = `and on (job, instance) ${metric.build}`;
