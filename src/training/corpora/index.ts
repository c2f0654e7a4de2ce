import { type CorpusListing, type CorpusNaming, listCorpus } from './corpus.js';
import { EMODB } from './emodb.js';
import { RAVDESS } from './ravdess.js';
import { TESS } from './tess.js';

export type { CorpusClip, CorpusListing, CorpusNaming } from './corpus.js';

/** The corpora that can be read, by name. */
export const CORPORA = { tess: TESS, ravdess: RAVDESS, emodb: EMODB } as const satisfies Record<
  string,
  CorpusNaming
>;
export type CorpusName = keyof typeof CORPORA;

/** Lists the clips of a corpus. @throws UT_TRAINING_BAD_CORPUS */
export function readCorpus(name: CorpusName, root: string): Promise<CorpusListing> {
  return listCorpus(root, CORPORA[name]);
}
