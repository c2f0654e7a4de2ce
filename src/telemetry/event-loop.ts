import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.js';

const QUANTILES = [0.5, 0.99, 1] as const;
const RESOLUTION_MS = 5;

/** Delay of the main loop since the last reading, seconds. */
export interface LoopDelay {
  readonly quantile: (typeof QUANTILES)[number];
  readonly seconds: number;
}

/** Watches how late the main loop runs its timers: it must never compute for long. */
export class EventLoopWatch {
  readonly #histogram: IntervalHistogram;

  constructor(histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })) {
    this.#histogram = histogram;
  }

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** Reads and begins anew. The sampling period itself is not delay. */
  read(): readonly LoopDelay[] {
    const delays = QUANTILES.map((quantile) => {
      const nanoseconds = quantile === 1 ? this.#histogram.max : this.#histogram.percentile(quantile * 100);
      return { quantile, seconds: Math.max(0, nanoseconds - RESOLUTION_MS * 1e6) / 1e9 };
    });
    this.#histogram.reset();
    return delays;
  }

  /** To be called before each scrape. */
  publish(metrics: Pick<Metrics, 'eventLoopDelay'>): void {
    for (const { quantile, seconds } of this.read()) metrics.eventLoopDelay.set({ quantile }, seconds);
  }
}
