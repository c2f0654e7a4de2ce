import { HEADLINE } from './conditions.js';
import type { ConditionResult, Evaluation } from './evaluation.js';

/** The condition whose figures stand first: a telephone line, or the recordings where no line was judged. */
export function headlineOf({ conditions }: Evaluation): ConditionResult {
  return conditions.find(({ condition }) => condition === HEADLINE.name) ?? conditions[0]!;
}

/** Where the figures are of other models than the one that is shown: which ones they are of, and why. */
export function foldsNote({ recipe, foldCount, protocol, trainedBy }: Evaluation): string | null {
  if (recipe === undefined) return null;
  const judged =
    foldCount === 1
      ? `one model, trained by \`${trainedBy}\` and judged on speakers that it never heard. A model that trains on everybody is trained alike, or begins where that one ended`
      : `${foldCount} models, one for each fold of \`${protocol}\`, each judged on speakers that it never heard. A model that trains on everybody is trained alike`;
  return `These are the figures of ${judged}; nobody is left to test it.`;
}

/** Whether probabilities were calibrated before they were judged: a fold is calibrated by the others, one alone by nobody. */
export function calibrationNote({ recipe, foldCount }: Evaluation): string {
  return recipe !== undefined && foldCount === 1
    ? 'not calibrated, and nothing is left out as `uncertain`: there is no other fold to learn that from'
    : 'after calibration';
}

/** What a reader must know before any figure: whether the test's voices are new to the model. */
export function independenceOf({ leaks, trainedBy, protocol }: Evaluation): {
  readonly kind: 'new-speakers' | 'leaks' | 'not-known';
  readonly title: string;
  readonly text: string;
} {
  if (leaks === false) {
    const text =
      'Nobody who speaks in the test was heard in training, in choosing the epoch or in calibrating.';
    return { kind: 'new-speakers', title: 'New speakers.', text };
  }
  if (leaks === null) {
    const text = 'The bundle does not say whose voices it was trained on.';
    return { kind: 'not-known', title: 'Whether the test leaks is not known.', text };
  }
  const heard =
    trainedBy === protocol
      ? 'Its clips were drawn whoever speaks them, so its speakers and words occur in training.'
      : `Speakers that \`${protocol}\` tests were heard in training by \`${trainedBy}\`.`;
  return {
    kind: 'leaks',
    title: 'The test leaks.',
    text: `${heard} It says nothing about new speakers.`,
  };
}
