import { didYouMean } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { EMOTIONS } from '../../inference/index.js';

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
};

/**
 * Undertone's words for a model's labels, in the order of its outputs.
 * @throws UT_TRAINING_BAD_OPTIONS for a label that events have no word for, and for one that stands twice
 */
export function labelsOf(names: readonly string[], place: string): readonly string[] {
  const labels = names.map((name) => labelOf(name, place));
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice === undefined) return labels;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', `"${twice}" stands twice.`, { place });
}

function labelOf(name: string, place: string): string {
  const word = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const known: readonly string[] = EMOTIONS;
  const label = known.includes(word) ? word : SYNONYMS[word];
  if (label !== undefined) return label;
  const nearest = didYouMean(word, [...known, ...Object.keys(SYNONYMS)]);
  const meant = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  const detail = `"${name}" is no label that events have; there are ${known.join(', ')}.${meant}`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place });
}
