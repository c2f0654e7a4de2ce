import { type ErrorCode, UndertoneError } from '../../src/errors.js';
import { type Classifier, EMOTIONS } from '../../src/inference/index.js';

/**
 * Stands in for the model where a test is about the path: its answer is a fixed function of the window's every value,
 * and it answers out of order, as threads do.
 */
export function fakeClassifier(): Classifier {
  let asked = 0;
  return {
    labels: EMOTIONS,
    start: async () => {},
    close: async () => {},
    async classify(window) {
      const probabilities = fingerprint(window);
      for (let turns = asked++ % 5; turns > 0; turns--) await Promise.resolve();
      return probabilities;
    },
  };
}

/** The same, but for one window, counted from 0, that it rejects. */
export function failingAt(index: number, code: ErrorCode): Classifier {
  const whole = fakeClassifier();
  let asked = 0;
  return {
    ...whole,
    async classify(window) {
      if (asked++ === index) throw new UndertoneError(code, 'as asked for.');
      return whole.classify(window);
    },
  };
}

function fingerprint(window: Float32Array): Float32Array {
  const sums = new Float64Array(EMOTIONS.length);
  for (let i = 0; i < window.length; i++) {
    const k = i % sums.length;
    sums[k] = sums[k]! + window[i]! * Math.sin(i);
  }
  const exps = sums.map((sum) => Math.exp(Math.sin(sum)));
  const total = exps.reduce((a, b) => a + b);
  return Float32Array.from(exps, (x) => x / total);
}
