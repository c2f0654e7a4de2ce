import type { Emotion } from '../../inference/index.js';
import type { CorpusNaming } from './corpus.js';

const LABELS: Readonly<Record<string, Emotion>> = {
  angry: 'angry',
  disgust: 'disgust',
  fear: 'fear',
  happy: 'happy',
  neutral: 'neutral',
  pleasant_surprise: 'surprise',
  pleasant_surprised: 'surprise',
  ps: 'surprise',
  sad: 'sad',
};

/**
 * Toronto Emotional Speech Set (Pichora-Fuller & Dupuis 2020): `<OAF|YAF>_<emotion>/<speaker>_<word>_<emotion>`.
 * Speaker and emotion come from the folder: a file of OAF is named `OA_`, and emotions are spelt several ways.
 */
export const TESS: CorpusNaming = {
  corpus: 'tess',
  language: 'en',
  read(path) {
    const folder = path.split('/').at(-2) ?? '';
    const match = /^(OAF|YAF)_(.+)$/.exec(folder);
    if (match === null) return `its folder "${folder}" is not named <OAF|YAF>_<emotion>.`;
    const word = match[2]!.toLowerCase();
    const label = LABELS[word];
    if (label === undefined) return `"${word}" is no emotion of TESS.`;
    return { speaker: match[1]!, label, corpusLabel: word };
  },
};
