/** Quantiles of delays, ms with one decimal; null where nothing was measured. */
export interface DelayFigures {
  readonly windows: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
}

/** One second of the run, counted from its beginning: windows whose last sample was sent in it. */
export interface SecondFigures extends Pick<DelayFigures, 'windows' | 'p50Ms' | 'p99Ms' | 'maxMs'> {
  readonly second: number;
}

/** Delays by the second in which the last sample of a window was sent. All are kept: 8 bytes each, twice a second a call. */
export class Delays {
  readonly #startMs: number;
  readonly #seconds = new Map<number, number[]>();

  /** @param startMs by the clock of the player */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  add(sentAtMs: number, delayMs: number): void {
    const second = Math.floor((sentAtMs - this.#startMs) / 1000);
    const delays = this.#seconds.get(second);
    if (delays === undefined) this.#seconds.set(second, [delayMs]);
    else delays.push(delayMs);
  }

  /** Of the windows that were completed from `fromSecond` on. */
  figures(fromSecond: number): DelayFigures {
    const kept = [...this.#seconds].filter(([second]) => second >= fromSecond);
    return figuresOf(kept.flatMap(([, delays]) => delays));
  }

  timeline(): readonly SecondFigures[] {
    return [...this.#seconds]
      .sort(([one], [other]) => one - other)
      .map(([second, delays]) => {
        const { windows, p50Ms, p99Ms, maxMs } = figuresOf(delays);
        return { second, windows, p50Ms, p99Ms, maxMs };
      });
  }
}

/** Nearest rank, so that every figure is a delay that was met. */
export function figuresOf(delays: readonly number[]): DelayFigures {
  const sorted = Float64Array.from(delays).sort();
  const at = (share: number): number | null => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === undefined ? null : Math.round(value * 10) / 10;
  };
  return {
    windows: sorted.length,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: at(1),
  };
}
