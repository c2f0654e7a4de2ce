import type { SpokenLabel } from '../vocabulary.js';
import type { CorpusNaming } from './corpus.js';

/** The German initials of the corpus. */
const EMOTIONS: Readonly<Record<string, { readonly word: string; readonly label: SpokenLabel }>> = {
  W: { word: 'anger', label: 'angry' },
  L: { word: 'boredom', label: 'boredom' },
  E: { word: 'disgust', label: 'disgust' },
  A: { word: 'fear', label: 'fear' },
  F: { word: 'happiness', label: 'happy' },
  T: { word: 'sadness', label: 'sad' },
  N: { word: 'neutral', label: 'neutral' },
};

/** Berlin Emo-DB (Burkhardt et al. 2005): speaker, text, emotion letter, version, such as `03a01Fa`. */
export const EMODB: CorpusNaming = {
  language: 'de',
  subfolder: 'wav',
  read(path) {
    const name = path.split('/').at(-1)!;
    const match = /^(\d\d)([ab]\d\d)([A-Z])([a-z])$/.exec(name);
    if (match === null) return 'the name is not <speaker><text><emotion><version> as in 03a01Fa.';
    const emotion = EMOTIONS[match[3]!];
    if (emotion === undefined)
      return `"${match[3]}" is no emotion letter of Emo-DB (${Object.keys(EMOTIONS).join(' ')}).`;
    return { speaker: match[1]!, label: emotion.label, corpusLabel: emotion.word };
  },
};
