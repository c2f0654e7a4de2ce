import type { Emotion } from '../../inference/index.js';
import type { CorpusNaming, NameFacts } from './corpus.js';

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
  language: 'en',
  read(path) {
    const folder = path.split('/').at(-2) ?? '';
    const match = /^(OAF|YAF)_(.+)$/.exec(folder);
    if (match === null) return `its folder "${folder}" is not named <OAF|YAF>_<emotion>.`;
    const word = match[2]!.toLowerCase();
    const label = LABELS[word];
    if (label === undefined) return `"${word}" is no emotion of TESS.`;
    const speaker = match[1]!;
    return { speaker, label, corpusLabel: word, ...doubtOf(path.split('/').at(-1)!, speaker, label) };
  },
};

/** A name contradicts its folder where it names the other woman, or another emotion. */
function doubtOf(name: string, speaker: string, label: Emotion): Pick<NameFacts, 'doubt'> {
  const match = /^(OAF?|YAF?)_[^_]+_(\w+)$/.exec(name);
  if (match === null) return {};
  const named = { speaker: `${match[1]!.slice(0, 2)}F`, label: LABELS[match[2]!.toLowerCase()] };
  if (named.speaker === speaker && (named.label ?? label) === label) return {};
  const detail = `the name says ${named.speaker} and "${match[2]}", its folder ${speaker} and "${label}".`;
  return { doubt: { kind: 'contradiction', detail } };
}
