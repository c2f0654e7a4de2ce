/** Learning-rate decay on plateau, as data: the caller keeps the state. */
export interface PlateauOptions {
  readonly initialRate: number;
  /** The rate is multiplied by this … */
  readonly factor: number;
  /** … after so many epochs without improvement. */
  readonly patience: number;
  readonly minimumRate: number;
}

export interface PlateauState {
  readonly rate: number;
  readonly lowest: number;
  readonly waited: number;
}

export function startPlateau({ initialRate }: PlateauOptions): PlateauState {
  return { rate: initialRate, lowest: Infinity, waited: 0 };
}

/** The state after an epoch whose validation loss was `loss`. A loss that is not a number is no improvement. */
export function afterEpoch(state: PlateauState, loss: number, options: PlateauOptions): PlateauState {
  if (loss < state.lowest) return { ...state, lowest: loss, waited: 0 };
  const waited = state.waited + 1;
  if (waited < options.patience) return { ...state, waited };
  return { ...state, rate: Math.max(options.minimumRate, state.rate * options.factor), waited: 0 };
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
