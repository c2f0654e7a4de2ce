import { VOCABULARY } from '../vocabulary.js';
import type { CorpusNaming, NameFacts } from './corpus.js';
import { spokenLabel, unknownLabel } from './spoken-words.js';

/**
 * A person's own recordings in a folder for each label: `<label>/<speaker>/<anything>.wav`, or
 * `<label>/<speaker>_<anything>.wav`. A name without `_` is a speaker of its own.
 */
export const OWN_FOLDERS: CorpusNaming = {
  language: 'und',
  read(path) {
    const [folder, ...inside] = path.split('/') as [string, ...string[]];
    if (inside.length === 0) return 'it lies in no folder that is named after a label.';
    const label = spokenLabel(folder);
    if (label === undefined) return unknownLabel(folder);
    const [speaker = ''] = inside.length > 1 ? inside : inside[0]!.split('_');
    if (speaker === '') return 'its name begins with "_", where the speaker should stand.';
    return { speaker, label, corpusLabel: folder, ...doubtOf(inside.at(-1)!, label) };
  },
};

/** The word of another label in a name may be what the call is about: only a person can tell. */
function doubtOf(name: string, label: string): Pick<NameFacts, 'doubt'> {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const other = VOCABULARY.find((word) => word !== label && words.includes(word));
  if (other === undefined || words.includes(label)) return {};
  const detail = `the name says "${other}", its folder "${label}", which is what counts.`;
  return { doubt: { kind: 'doubtful-label', detail } };
}
