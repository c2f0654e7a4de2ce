/** A label and what may stand in it. No label takes what a stranger sends: call ids, tenants, queues, tokens. */
export interface Label<V extends string | number = string | number> {
  /** What the values are, for the glossary. */
  readonly about: string;
  /** The closed list of values; null where the configuration or the cluster bounds them. */
  readonly values: readonly V[] | null;
  /** Values whose series stand at 0 from the start, so that a rate sees the first step. */
  readonly initial: readonly V[];
}

export type Labels = Readonly<Record<string, Label>>;

/** A bucket is counted for each observation up to its bound. */
type Buckets = readonly number[];

/** One metric, told to the operator who meets it on a dashboard. */
export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
  /** What of it deserves a look; absent where it only explains others. */
  readonly look?: string;
  /** Upper bounds of a histogram's buckets, in the unit of the name. */
  readonly buckets?: Buckets;
  /** A gauge that says nothing until it is set: what it is about may not be in use here. */
  readonly absentUntilSet?: true;
}

interface More<L extends Labels> {
  readonly labels?: L;
  readonly look?: string;
}

const define = <const K extends MetricDefinition['kind'], L extends Labels>(
  kind: K,
  name: string,
  help: string,
  { labels, look }: More<L>,
) => ({
  kind,
  name: `undertone_${name}`,
  help,
  labels: (labels ?? {}) as L,
  ...(look === undefined ? {} : { look }),
});

type NoLabels = Readonly<Record<never, Label>>;

export const counter = <L extends Labels = NoLabels>(name: string, help: string, more: More<L> = {}) =>
  define('counter', name, help, more);

export const gauge = <L extends Labels = NoLabels>(name: string, help: string, more: More<L> = {}) =>
  define('gauge', name, help, more);

/** @param buckets upper bounds, in the unit of the name */
export const histogram = <L extends Labels = NoLabels>(
  name: string,
  help: string,
  buckets: Buckets,
  more: More<L> = {},
) => ({ ...define('histogram', name, help, more), buckets });

/** A gauge without series until something sets it. */
export const optionalGauge = (name: string, help: string, look: string) =>
  ({ ...define('gauge', name, help, { look } as More<NoLabels>), absentUntilSet: true }) as const;
