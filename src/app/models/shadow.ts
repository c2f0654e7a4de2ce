import { errorCodeOf } from '../../errors.js';
import type { Classifier, PooledClassifier } from '../../inference/index.js';
import { type Answering, type Comparison, compare } from './comparison.js';

/** Is told what became of each window that the model on trial was to hear. */
export interface ShadowObserver {
  onCompared(comparison: Comparison): void;
  /** `dropped`: there was no room for it; `failed`: the model on trial could not answer. */
  onMissed(outcome: 'dropped' | 'failed'): void;
}

/** A model with the meaning of its answers. */
export interface Side extends Answering {
  readonly classifier: PooledClassifier;
}

/**
 * Lets a model on trial hear the windows of another one.
 *
 * Always holds: the other one's answer comes as if it were asked alone, whatever becomes of the trial; and while more
 * than `maxQueued` windows wait for it, no window goes to the one on trial.
 *
 * @param shadow refuses with UT_INFERENCE_OVERLOADED what it has no room for
 */
export function besideIt(model: Side, shadow: Side, maxQueued: number, observer: ShadowObserver): Classifier {
  const { classifier } = model;
  const sides = { first: model, second: shadow };
  return {
    ...classifier,
    classify(window, onComputed) {
      const hasRoom = classifier.queueDepth <= maxQueued;
      const answer = classifier.classify(window, onComputed);
      if (hasRoom) void watch(answer, shadow.classifier.classify(window), sides, observer);
      else observer.onMissed('dropped');
      return answer;
    },
  };
}

async function watch(
  answer: Promise<Float32Array>,
  other: Promise<Float32Array>,
  sides: Parameters<typeof compare>[2],
  observer: ShadowObserver,
): Promise<void> {
  const [one, two] = await Promise.allSettled([answer, other]);
  if (two.status === 'rejected') {
    observer.onMissed(errorCodeOf(two.reason) === 'UT_INFERENCE_OVERLOADED' ? 'dropped' : 'failed');
  } else if (one.status === 'fulfilled') {
    observer.onCompared(compare(one.value, two.value, sides));
  }
}
