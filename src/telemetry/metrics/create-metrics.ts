import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { METRICS, type MetricName } from './catalogue.js';
import type { Label, Labels, MetricDefinition } from './definition.js';

/** A value for each label of a metric; the compiler refuses any that is not in the label's list. */
type Values<L extends Labels> = { readonly [K in keyof L]: L[K] extends Label<infer V> ? V : never };
/** Arguments before the number: the labels, where there are any. */
type Where<L extends Labels> = keyof L extends never ? [] : [values: Values<L>];

interface CounterOf<L extends Labels> {
  inc(...args: [...Where<L>, by?: number]): void;
}

interface GaugeOf<L extends Labels> extends CounterOf<L> {
  dec(...args: [...Where<L>, by?: number]): void;
  set(...args: [...Where<L>, value: number]): void;
  remove(...args: Where<L>): void;
  /** Forgets every series. */
  reset(): void;
}

interface HistogramOf<L extends Labels> {
  observe(...args: [...Where<L>, value: number]): void;
}

type InstrumentOf<M extends MetricDefinition> = M['kind'] extends 'counter'
  ? CounterOf<M['labels']>
  : M['kind'] extends 'gauge'
    ? GaugeOf<M['labels']>
    : HistogramOf<M['labels']>;

/** The instruments of one process, by the names of {@link METRICS}. */
export type Metrics = { readonly [K in MetricName]: InstrumentOf<(typeof METRICS)[K]> };

/**
 * Creates every metric on `registry`; one registry holds one set. Series whose labels have lists stand at 0 at once: a
 * fault that has not happened yet is 0, not nothing.
 */
export function createMetrics(registry: Registry): Metrics {
  const entries = Object.entries(METRICS).map(([key, metric]) => [key, instrument(metric, registry)]);
  return Object.fromEntries(entries) as Metrics;
}

function instrument(metric: MetricDefinition, registry: Registry): Counter | Gauge | Histogram {
  const { name, help, labels, buckets = [] } = metric;
  const common = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  const combinations = combinationsOf(Object.entries(labels));
  if (metric.kind === 'histogram') {
    const created = new Histogram({ ...common, buckets: [...buckets] });
    for (const values of combinations) created.zero(values);
    return created;
  }
  if (metric.kind === 'counter') {
    const created = new Counter(common);
    for (const values of combinations) created.inc(values, 0);
    return created;
  }
  const created = new Gauge(common);
  if (metric.absentUntilSet) created.remove();
  else for (const values of combinations) created.set(values, 0);
  return created;
}

type LabelValues = Record<string, string | number>;

/** Each combination of the values that labels begin with; none where one of them begins with none. */
function combinationsOf(labels: readonly (readonly [string, Label])[]): readonly LabelValues[] {
  return labels.reduce<LabelValues[]>(
    (all, [name, { initial }]) =>
      all.flatMap((values) => initial.map((value) => ({ ...values, [name]: value }))),
    [{}],
  );
}
