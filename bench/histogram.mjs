/** Reads one metric of a Prometheus text page: `{ labels, value }` of each sample. */
export function samplesOf(text, name) {
  const pattern = new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm');
  return [...text.matchAll(pattern)].map(([, labels = '', value]) => ({
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text])),
    value: Number(value),
  }));
}

/** Upper bounds of a histogram's buckets and how many observations lie at or under each. */
export function bucketsOf(text, name) {
  return samplesOf(text, `${name}_bucket`).map(({ labels, value }) => ({
    bound: Number(labels.le.replace('+Inf', 'Infinity')),
    count: value,
  }));
}

/** What was observed between two readings. */
export function bucketsBetween(before, after) {
  return after.map(({ bound, count }, i) => ({ bound, count: count - (before[i]?.count ?? 0) }));
}

/** Quantile by linear interpolation inside its bucket, as Prometheus' histogram_quantile does. */
export function quantile(buckets, q) {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return Number.NaN;
  const at = buckets.findIndex(({ count }) => count >= q * total);
  const { bound, count } = buckets[at];
  const below = at === 0 ? { bound: 0, count: 0 } : buckets[at - 1];
  if (!Number.isFinite(bound)) return below.bound;
  return below.bound + (bound - below.bound) * ((q * total - below.count) / (count - below.count));
}
