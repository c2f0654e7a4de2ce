import { didYouMean } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { EMOTIONS } from '../../inference/index.js';
import { COUNTS_AS } from '../vocabulary.js';

/** What corpora and notebooks call the labels beside Undertone's own words. */
const SYNONYMS: Readonly<Record<string, string>> = {
  anger: 'angry',
  ang: 'angry',
  disgusted: 'disgust',
  dis: 'disgust',
  fearful: 'fear',
  afraid: 'fear',
  fea: 'fear',
  happiness: 'happy',
  joy: 'happy',
  hap: 'happy',
  neu: 'neutral',
  sadness: 'sad',
  surprised: 'surprise',
  sur: 'surprise',
  ps: 'surprise',
  pleasant_surprise: 'surprise',
  pleasant_surprised: 'surprise',
  excited: 'excitement',
  exc: 'excitement',
};

/**
 * The words for a model's outputs, in their order: Undertone's, and those that count as one of them.
 * @throws UT_TRAINING_BAD_OPTIONS for a label that events have no word for, and for one that stands twice
 */
export function outputNamesOf(names: readonly string[], place: string): readonly string[] {
  const words = names.map((name) => wordOf(name, place));
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  if (twice === undefined) return words;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', `"${twice}" stands twice.`, { place });
}

/** The label that each output counts as. @param words as {@link outputNamesOf} gave them */
export function outputLabelsOf(words: readonly string[]): readonly string[] {
  const counts: Readonly<Record<string, string>> = COUNTS_AS;
  return words.map((word) => counts[word] ?? word);
}

function wordOf(name: string, place: string): string {
  const word = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const known: readonly string[] = [...EMOTIONS, ...Object.keys(COUNTS_AS)];
  const label = known.includes(word) ? word : SYNONYMS[word];
  if (label !== undefined) return label;
  const nearest = didYouMean(word, [...known, ...Object.keys(SYNONYMS)]);
  const meant = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  const detail = `"${name}" is no label that events have; there are ${known.join(', ')}.${meant}`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place });
}
