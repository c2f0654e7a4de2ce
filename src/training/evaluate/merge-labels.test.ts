import { expect, it } from 'vitest';
import type { ClipJudgement } from './judgements.js';
import { mergeLabels } from './merge-labels.js';

const judgement: ClipJudgement = {
  condition: 'c',
  corpus: 'ravdess',
  clip: 'x',
  speaker: 'ravdess/01',
  label: 'calm',
  uncertainBelow: 0,
  windows: [[0.1, 0.3, 0.6]],
};

it('adds the probabilities of merged labels and counts their clips as the other', () => {
  const [merged] = mergeLabels([judgement], ['sad', 'neutral', 'calm'], ['neutral', 'sad'], {
    calm: 'neutral',
  });
  expect(merged).toEqual({ ...judgement, label: 'neutral', windows: [[0.9, 0.1]] });
});

it('puts labels into another order and changes nothing else', () => {
  const [same] = mergeLabels([judgement], ['sad', 'neutral', 'calm'], ['calm', 'sad', 'neutral'], {});
  expect(same).toEqual({ ...judgement, windows: [[0.6, 0.1, 0.3]] });
});
