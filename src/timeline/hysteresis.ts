export interface HysteresisOptions {
  /** Below this smoothed probability of the likeliest class the label is `uncertain`. */
  readonly uncertainBelow: number;
  /** How much likelier than the label that stands another class must be to take over. */
  readonly hysteresisMargin: number;
  /** Classified windows in a row that must agree on a new label before it is taken. */
  readonly minDurationWindows: number;
}

/** Index of a class, or −1 for `uncertain`. */
export type LabelIndex = number;
export const UNCERTAIN: LabelIndex = -1;

/** Folds smoothed probabilities, oldest first, into the label that stands after the last of them. */
export function labelAfter(smoothed: readonly Float64Array[], options: HysteresisOptions): LabelIndex {
  let label: LabelIndex | null = null;
  let candidate: LabelIndex | null = null;
  let agreed = 0;
  for (const probabilities of smoothed) {
    const proposal = propose(probabilities, label, options);
    if (label === null || proposal === label) {
      label = proposal;
      agreed = 0;
      continue;
    }
    agreed = proposal === candidate ? agreed + 1 : 1;
    candidate = proposal;
    if (agreed >= options.minDurationWindows) {
      label = proposal;
      agreed = 0;
    }
  }
  return label ?? UNCERTAIN;
}

function propose(
  probabilities: Float64Array,
  standing: LabelIndex | null,
  { uncertainBelow, hysteresisMargin }: HysteresisOptions,
): LabelIndex {
  const top = indexOfMax(probabilities);
  const sureness = probabilities[top]!;
  if (standing === null) return sureness < uncertainBelow ? UNCERTAIN : top;
  if (standing === UNCERTAIN) return sureness < uncertainBelow + hysteresisMargin / 2 ? UNCERTAIN : top;
  const own = probabilities[standing]!;
  if (sureness < uncertainBelow) return own >= uncertainBelow - hysteresisMargin ? standing : UNCERTAIN;
  return sureness >= own + hysteresisMargin ? top : standing;
}

export function indexOfMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
