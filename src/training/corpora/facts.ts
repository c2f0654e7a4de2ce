import type { CorpusName } from './read-corpus.js';

/** What a model card must say of a corpus. */
export interface CorpusFacts {
  readonly title: string;
  readonly licence: string;
  readonly reference: string;
  readonly speech: string;
}

const CORPUS_FACTS: Readonly<Record<CorpusName, CorpusFacts>> = {
  tess: {
    title: 'TESS (Toronto Emotional Speech Set)',
    licence: 'CC BY-NC-ND 4.0',
    reference: 'Pichora-Fuller & Dupuis 2020, doi:10.5683/SP2/E8H2MF',
    speech: 'acted, English, two women, single words in a carrier phrase',
  },
  ravdess: {
    title: 'RAVDESS (speech)',
    licence: 'CC BY-NC-SA 4.0',
    reference: 'Livingstone & Russo 2018, doi:10.1371/journal.pone.0196391',
    speech: 'acted, North American English, two sentences',
  },
  emodb: {
    title: 'Berlin Emo-DB',
    licence: 'none stated; used for research only',
    reference: 'Burkhardt et al. 2005, Interspeech',
    speech: 'acted, German, ten sentences',
  },
  iemocap: {
    title: 'IEMOCAP',
    licence: "the University of Southern California's, signed for each user; research only",
    reference: 'Busso et al. 2008, doi:10.1007/s10579-008-9076-6',
    speech: 'acted, English, dialogues of ten actors, scripted and improvised',
  },
};

/** Of a person's own recordings nothing is known but their name. */
export function factsOf(corpus: string): CorpusFacts {
  if (Object.hasOwn(CORPUS_FACTS, corpus)) return CORPUS_FACTS[corpus as CorpusName];
  return { title: corpus, licence: 'not stated', reference: 'not stated', speech: 'not stated' };
}
