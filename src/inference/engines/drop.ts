import type { Classifier } from '../classifier.js';

/** How far apart the answers lie: the likeliest label has up to e^(2 × SPREAD) times the least likely's share. */
const SPREAD = 1.5;

/**
 * Stands in for the network where the path around it is measured: a fixed function of every value of the window, for
 * some microseconds. It has no opinion about anybody.
 *
 * @param onInference told the time of each answer, ms
 */
export function createDropClassifier(
  labels: readonly string[],
  onInference: (ms: number) => void = () => undefined,
): Classifier {
  return {
    labels,
    start: async () => undefined,
    classify: async (window, onComputed) => {
      const beganMs = performance.now();
      const probabilities = probabilitiesOf(window, labels.length);
      const ms = performance.now() - beganMs;
      onInference(ms);
      onComputed?.(ms);
      return probabilities;
    },
    close: async () => undefined,
  };
}

/** Neighbouring values weigh differently, so that no two windows of sound give the same. */
function probabilitiesOf(window: Float32Array, count: number): Float32Array {
  const sums = new Float64Array(count);
  for (let i = 0, label = 0; i < window.length; i++) {
    sums[label]! += window[i]! * (1 + (i & 31));
    label = label + 1 === count ? 0 : label + 1;
  }
  const weights = sums.map((sum) => Math.exp(SPREAD * Math.sin(sum / 1024)));
  const total = weights.reduce((a, b) => a + b);
  return Float32Array.from(weights, (weight) => weight / total);
}
