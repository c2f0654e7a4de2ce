/** How the learning rate goes over a run: up in a straight line, then down as half a cosine (Loshchilov & Hutter 2017). */
export interface RateOptions {
  readonly peak: number;
  /** Epochs until the peak is reached. */
  readonly warmupEpochs: number;
  /** Share of the peak that is left at the end. */
  readonly finalShare: number;
}

/**
 * The learning rate at a point of a run.
 * @param at epochs gone by, with their fraction
 * @param epochs of the whole run
 */
export function rateAt({ peak, warmupEpochs, finalShare }: RateOptions, at: number, epochs: number): number {
  if (at < warmupEpochs) return (peak * (at + 1e-3)) / warmupEpochs;
  const gone = Math.min(1, (at - warmupEpochs) / Math.max(1, epochs - warmupEpochs));
  return peak * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * gone)));
}

/** Early stopping, as data. */
export interface StoppingState {
  readonly bestEpoch: number;
  readonly bestScore: number;
  readonly stopped: boolean;
}

export const STOPPING_START: StoppingState = { bestEpoch: 0, bestScore: -Infinity, stopped: false };

/**
 * @param score the higher the better
 * @param patience epochs without a better score after which training ends
 */
export function judgeEpoch(
  state: StoppingState,
  epoch: number,
  score: number,
  patience: number,
): StoppingState {
  if (score > state.bestScore) return { bestEpoch: epoch, bestScore: score, stopped: false };
  return { ...state, stopped: epoch - state.bestEpoch >= patience };
}
