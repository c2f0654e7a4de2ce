import { calibrate } from '../../timeline/index.js';

/** What the answers of a model mean. */
export interface Answering {
  /** In the order of the probabilities. */
  readonly labels: readonly string[];
  /** See {@link calibrate}. */
  readonly temperature: number;
}

/** Two answers to one window. */
export interface Comparison {
  /** Whether they have the same likeliest label. */
  readonly agree: boolean;
  /** Half the sum of the differences of calibrated probabilities, label by label: 0 the same, 1 nothing in common. */
  readonly distance: number;
}

/**
 * Compares answers of two models, whose labels may differ.
 *
 * @param one softmax output [labels] of the first, `other` that of the second
 */
export function compare(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  { first, second }: { readonly first: Answering; readonly second: Answering },
): Comparison {
  const a = byLabel(one, first);
  const b = byLabel(other, second);
  let difference = 0;
  for (const label of new Set([...first.labels, ...second.labels])) {
    difference += Math.abs((a.get(label) ?? 0) - (b.get(label) ?? 0));
  }
  return { agree: likeliest(a) === likeliest(b), distance: difference / 2 };
}

function byLabel(probabilities: ArrayLike<number>, { labels, temperature }: Answering): Map<string, number> {
  const calibrated = calibrate(probabilities, temperature);
  return new Map(labels.map((label, i) => [label, calibrated[i]!]));
}

function likeliest(answer: ReadonlyMap<string, number>): string {
  return [...answer].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
