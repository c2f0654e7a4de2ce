import { factsOf } from '../../corpora/facts.js';
import type { Evaluation } from '../evaluation.js';
import { independenceOf } from '../headline.js';
import { clipCounts } from '../training-record.js';
import type { CardedBundle } from './model-section.js';

/** A limit: a few words, and what they mean. */
export interface Limit {
  readonly title: string;
  readonly text: string;
}

/** What nobody may forget who uses the model. */
export function limitsOf({ training }: Pick<CardedBundle, 'training'>, evaluation: Evaluation): Limit[] {
  const corpora = Object.keys(clipCounts(training, 'train')).map(factsOf);
  const listed = (field: 'speech' | 'licence') =>
    [...new Set(corpora.map((facts) => facts[field]))].join('; ') || 'not stated';
  const independence = independenceOf(evaluation);
  return [
    {
      title: 'Acted speech.',
      text: 'The model has learnt how actors play emotions. Spontaneous speech on a real call is subtler; expect less than the figures above.',
    },
    {
      title: 'People do not agree either.',
      text: 'Of the voice-only clips of CREMA-D, listeners named the emotion that was meant in about 41 % (Cao et al. 2014). What is measured here is agreement with what was meant to be played, not with what a person feels.',
    },
    ...(independence.kind === 'new-speakers' ? [] : [independence]),
    { title: 'Few speakers and languages.', text: `${listed('speech')}.` },
    {
      title: 'Not balanced.',
      text: 'Age, accent, health and culture change how emotion sounds; none of them was balanced or measured.',
    },
    {
      title: 'Licences of the training data:',
      text: `${listed('licence')}. The weights are for research and evaluation; other use needs data that allows it.`,
    },
    {
      title: 'A suggestion, not a finding.',
      text: 'A result is a suggestion to a person, never a finding about one. Do not use it on employees (EU AI Act, Art. 5(1)(f)).',
    },
  ];
}
