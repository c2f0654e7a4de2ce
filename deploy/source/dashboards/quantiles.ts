import type { Queries } from './panels.js';

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/** Percentiles of a histogram, over all processes. */
export function quantiles(
  name: string,
  names: readonly (keyof typeof QUANTILES)[] = ['p50', 'p99'],
): Queries {
  return Object.fromEntries(
    names.map((quantile) => [
      quantile,
      `histogram_quantile(${QUANTILES[quantile]}, sum by (le) (rate(${name}_bucket[$__rate_interval])))`,
    ]),
  );
}
