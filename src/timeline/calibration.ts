/**
 * Temperature scaling (Guo et al. 2017): softmax(logits / T), computed from probabilities since
 * log p equals the logits up to a constant.
 *
 * @param probabilities softmax output [labels], not changed
 * @param temperature > 0; 1 leaves the probabilities as they are, more makes them less sure
 */
export function calibrate(probabilities: ArrayLike<number>, temperature: number): Float64Array {
  const scaled = new Float64Array(probabilities.length);
  let sum = 0;
  for (let i = 0; i < scaled.length; i++) {
    scaled[i] = Math.max(probabilities[i]!, 1e-12) ** (1 / temperature);
    sum += scaled[i]!;
  }
  for (let i = 0; i < scaled.length; i++) scaled[i] = scaled[i]! / sum;
  return scaled;
}
