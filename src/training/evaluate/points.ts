import { configSchema } from '../../config/index.js';
import { calibrate, smoothedAt } from '../../timeline/index.js';

/** What was heard in one clip of known class. */
export interface HeardClip {
  readonly actual: number;
  /** Probabilities of its voiced windows, in their order; at least one. */
  readonly windows: readonly ArrayLike<number>[];
}

/** As it is where nobody configures it. */
const SMOOTHING = configSchema.parse({}).timeline;

/**
 * What a call's timeline publishes of a clip: each window's probabilities at a temperature, smoothed over those before it.
 * Windows without voice in between are not known here: the windows count as neighbours.
 */
export function pointsOf(windows: readonly ArrayLike<number>[], temperature = 1): number[][] {
  const entries = windows.map((window, windowIndex) => ({
    windowIndex,
    probabilities: calibrate(window, temperature),
  }));
  return entries.map((_, i) => [...smoothedAt(entries, i, SMOOTHING)]);
}
