import type { SpokenLabel } from '../vocabulary.js';
import { type ClipJudgement, roundedProbabilities } from './judgements.js';

/**
 * What models that tell more labels apart say of fewer: the probabilities of merged labels are added, and a clip of a merged
 * label is of the one it counts as.
 * @param from labels of the judgements' probabilities, in their order
 * @param to labels of the result; each of `from` is one of them, or merged into one
 */
export function mergeLabels(
  judgements: readonly ClipJudgement[],
  from: readonly string[],
  to: readonly string[],
  merge: Readonly<Partial<Record<SpokenLabel, SpokenLabel>>>,
): ClipJudgement[] {
  const counted = (label: string) => merge[label as SpokenLabel] ?? label;
  const places = from.map((label) => to.indexOf(counted(label)));
  return judgements.map((judgement) => ({
    ...judgement,
    label: counted(judgement.label),
    windows: judgement.windows.map((window) => {
      const merged = new Float64Array(to.length);
      window.forEach((probability, i) => {
        merged[places[i]!]! += probability;
      });
      return roundedProbabilities(merged);
    }),
  }));
}
