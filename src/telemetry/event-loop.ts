import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Metrics } from './metrics/index.js';

const QUANTILES = [0.5, 0.99, 1] as const;
const RESOLUTION_MS = 5;

/** Delay of the main loop since the last reading, seconds. */
export interface LoopDelay {
  readonly quantile: (typeof QUANTILES)[number];
  readonly seconds: number;
}

/** Watches how late the main loop runs its timers, and how busy it is: it must never compute for long. */
export class EventLoopWatch {
  readonly #histogram: IntervalHistogram;
  readonly #activeMs: () => number;
  #countedMs = 0;

  /** @param activeMs time for which the loop was at work since the process began */
  constructor(
    histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
    activeMs = () => performance.eventLoopUtilization().active,
  ) {
    this.#histogram = histogram;
    this.#activeMs = activeMs;
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
  publish(metrics: Pick<Metrics, 'eventLoopDelay' | 'mainLoopBusySeconds'>): void {
    for (const { quantile, seconds } of this.read()) metrics.eventLoopDelay.set({ quantile }, seconds);
    const activeMs = this.#activeMs();
    metrics.mainLoopBusySeconds.inc(Math.max(0, activeMs - this.#countedMs) / 1000);
    this.#countedMs = activeMs;
  }
}
