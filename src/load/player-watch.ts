import { EventLoopWatch } from '../telemetry/index.js';

/** Past this the player itself adds to what it measures. */
const LATE_MS = 50;

/** How the player kept up with its own work. */
export interface PlayerFigures {
  readonly cores: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  /** Whether figures may be the player's own. */
  readonly late: boolean;
}

/** Watches this process between two moments. */
export class PlayerWatch {
  readonly #loop = new EventLoopWatch();
  #cpu = process.cpuUsage();
  #startMs = performance.now();

  /** Begins to measure, again too. */
  start(): void {
    this.#loop.start();
    this.#loop.read();
    this.#cpu = process.cpuUsage();
    this.#startMs = performance.now();
  }

  figures(): PlayerFigures {
    const { user, system } = process.cpuUsage(this.#cpu);
    const delays = new Map(this.#loop.read().map(({ quantile, seconds }) => [quantile, 1000 * seconds]));
    const loopDelayP99Ms = rounded(delays.get(0.99) ?? 0);
    return {
      cores: rounded((user + system) / 1000 / (performance.now() - this.#startMs)),
      loopDelayP99Ms,
      loopDelayMaxMs: rounded(delays.get(1) ?? 0),
      late: loopDelayP99Ms > LATE_MS,
    };
  }

  stop(): void {
    this.#loop.stop();
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
