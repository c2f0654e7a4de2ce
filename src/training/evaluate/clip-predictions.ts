/** Softmax of one row of logits at a temperature (Guo et al. 2017). */
export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const max = Math.max(...scaled);
  const powers = scaled.map((value) => Math.exp(value - max));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Mean of probability vectors: what a clip is called by, from its windows. */
export function meanProbabilities(windows: readonly (readonly number[])[]): number[] {
  const classes = windows[0]!.length;
  return Array.from(
    { length: classes },
    (_, c) => windows.reduce((sum, p) => sum + p[c]!, 0) / windows.length,
  );
}

/** Mean negative log-likelihood of the right classes, with probabilities no smaller than 1e-7. */
export function meanNll(
  items: readonly { readonly actual: number; readonly probabilities: readonly number[] }[],
): number {
  const losses = items.map(({ actual, probabilities }) => -Math.log(Math.max(1e-7, probabilities[actual]!)));
  return losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length);
}
