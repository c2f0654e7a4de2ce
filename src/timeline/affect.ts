import type { Emotion } from '../inference/index.js';

/** A place on the plane of pleasantness and activation, both −1…1. */
export interface Affect {
  readonly valence: number;
  readonly arousal: number;
}

/** From a 9-point self-assessment scale (1…9, middle 5) to −1…1. */
const fromNinePoints = (valence: number, arousal: number): Affect => ({
  valence: (valence - 5) / 4,
  arousal: (arousal - 5) / 4,
});

/**
 * Mean ratings of the words angry, disgusted, fear, happy, sad and surprised in ANEW (Bradley & Lang 1999, Affective
 * Norms for English Words, Technical Report C-1, all subjects); neutral is the middle of the scale by definition.
 */
export const CLASS_AFFECT: Readonly<Record<Emotion, Affect>> = {
  angry: fromNinePoints(2.85, 7.17),
  disgust: fromNinePoints(2.45, 5.42),
  fear: fromNinePoints(2.76, 6.96),
  happy: fromNinePoints(8.21, 6.49),
  neutral: fromNinePoints(5, 5),
  sad: fromNinePoints(1.61, 4.13),
  surprise: fromNinePoints(7.47, 7.47),
};

/** Expectation of valence and arousal under the probabilities of `labels`. */
export function expectedAffect(labels: readonly Emotion[], probabilities: ArrayLike<number>): Affect {
  let valence = 0;
  let arousal = 0;
  labels.forEach((label, i) => {
    valence += probabilities[i]! * CLASS_AFFECT[label].valence;
    arousal += probabilities[i]! * CLASS_AFFECT[label].arousal;
  });
  return { valence, arousal };
}
