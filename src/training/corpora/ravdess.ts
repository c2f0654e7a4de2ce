import type { SpokenLabel } from '../vocabulary.js';
import type { CorpusNaming, NameFacts } from './corpus.js';

const EMOTIONS: Readonly<Record<string, { readonly word: string; readonly label: SpokenLabel }>> = {
  '01': { word: 'neutral', label: 'neutral' },
  '02': { word: 'calm', label: 'calm' },
  '03': { word: 'happy', label: 'happy' },
  '04': { word: 'sad', label: 'sad' },
  '05': { word: 'angry', label: 'angry' },
  '06': { word: 'fearful', label: 'fear' },
  '07': { word: 'disgust', label: 'disgust' },
  '08': { word: 'surprised', label: 'surprise' },
};

/**
 * RAVDESS, speech (Livingstone & Russo 2018): seven two-digit fields
 * modality-channel-emotion-intensity-statement-repetition-actor, in a folder for each actor.
 */
export const RAVDESS: CorpusNaming = {
  language: 'en',
  read(path) {
    const name = path.split('/').at(-1)!;
    if (!/^\d\d(-\d\d){6}$/.test(name)) return 'the name is not seven two-digit fields.';
    const fields = name.split('-');
    if (fields[1] !== '01') return `vocal channel ${fields[1]} is not speech (01).`;
    const emotion = EMOTIONS[fields[2]!];
    if (emotion === undefined) return `${fields[2]} is no emotion of RAVDESS (01 to 08).`;
    const speaker = fields[6]!;
    return { speaker, label: emotion.label, corpusLabel: emotion.word, ...doubtOf(path, speaker) };
  },
};

function doubtOf(path: string, speaker: string): Pick<NameFacts, 'doubt'> {
  const actor = /^Actor_(\d\d)$/.exec(path.split('/').at(-2) ?? '')?.[1];
  if (actor === undefined || actor === speaker) return {};
  const detail = `the name says actor ${speaker}, its folder actor ${actor}.`;
  return { doubt: { kind: 'contradiction', detail } };
}
