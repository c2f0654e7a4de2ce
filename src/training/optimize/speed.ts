import { type Bundle, createOnnxClassifier } from '../../inference/index.js';

const ROUNDS = 15;
const RUNS_A_ROUND = 10;

/**
 * Milliseconds a window takes on one thread, from handing it over to the answer: the best of rounds in which the bundles
 * take turns. Whatever else the machine does meets all of them, and can only add.
 * @param bundles of the same input shape
 */
export async function timeSideBySide(
  bundles: readonly Pick<Bundle, 'labels' | 'network'>[],
  window: Float32Array,
): Promise<number[]> {
  const classifiers = bundles.map((bundle) => createOnnxClassifier({ bundle, threads: 1 }));
  try {
    await Promise.all(classifiers.map((classifier) => classifier.start()));
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times: number[] = [];
      for (const classifier of classifiers) {
        const begin = performance.now();
        for (let run = 0; run < RUNS_A_ROUND; run++) await classifier.classify(window);
        times.push((performance.now() - begin) / RUNS_A_ROUND);
      }
      rounds.push(times);
    }
    return bundles.map((_, i) => Math.min(...rounds.map((times) => times[i]!)));
  } finally {
    await Promise.all(classifiers.map((classifier) => classifier.close()));
  }
}
