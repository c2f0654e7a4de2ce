/** One sample of a Prometheus text page. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A bucket of a histogram: how many observations lie at or under its bound. */
export interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/** All samples of one metric. */
export function samplesOf(text: string, name: string): readonly MetricSample[] {
  const pattern = new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm');
  return [...text.matchAll(pattern)].map(([, labels = '', value]) => ({
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, label]) => [key!, label!]),
    ),
    value: Number(value),
  }));
}

/** Buckets of a histogram, in ascending order of their bounds. */
export function bucketsOf(text: string, name: string): readonly Bucket[] {
  return samplesOf(text, `${name}_bucket`).map(({ labels, value }) => ({
    bound: Number(labels.le?.replace('+Inf', 'Infinity')),
    count: value,
  }));
}

/** What was observed between two readings. */
export function bucketsBetween(before: readonly Bucket[], after: readonly Bucket[]): readonly Bucket[] {
  return after.map(({ bound, count }, i) => ({ bound, count: count - (before[i]?.count ?? 0) }));
}

/** Of several processes together. */
export function addBuckets(histograms: readonly (readonly Bucket[])[]): readonly Bucket[] {
  const [first = [], ...others] = histograms.filter((buckets) => buckets.length > 0);
  return others.reduce<readonly Bucket[]>(
    (sum, buckets) => sum.map(({ bound, count }, i) => ({ bound, count: count + (buckets[i]?.count ?? 0) })),
    first,
  );
}

/** By linear interpolation inside its bucket, as Prometheus' histogram_quantile does; NaN of nothing. */
export function bucketQuantile(buckets: readonly Bucket[], share: number): number {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return Number.NaN;
  const at = buckets.findIndex(({ count }) => count >= share * total);
  const { bound, count } = buckets[at]!;
  const below = buckets[at - 1] ?? { bound: 0, count: 0 };
  if (!Number.isFinite(bound)) return below.bound;
  return below.bound + (bound - below.bound) * ((share * total - below.count) / (count - below.count));
}
