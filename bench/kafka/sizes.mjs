const SCALE = Number(process.env.BENCH_SCALE ?? 1);

/** A size as it is by default, times `BENCH_SCALE`: small ones try a bench out, and measure nothing. */
export const scaled = (size) => Math.max(1, Math.round(size * SCALE));

export const rounded = (value, decimals = 0) => Math.round(value * 10 ** decimals) / 10 ** decimals;

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

export const median = (values) => quantile(values, 0.5);
