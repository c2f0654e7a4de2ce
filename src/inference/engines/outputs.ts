/**
 * Probabilities of labels, from those of a model that tells more apart: those of the outputs that count as one label are added.
 * @param outputs label of each output; undefined = an output a label
 * @param probabilities [outputs]
 * @returns [labels]
 */
export function countedAs(
  labels: readonly string[],
  outputs: readonly string[] | undefined,
  probabilities: Float32Array,
): Float32Array {
  if (outputs === undefined) return probabilities;
  const sums = new Float32Array(labels.length);
  outputs.forEach((label, i) => {
    sums[labels.indexOf(label)]! += probabilities[i]!;
  });
  return sums;
}
