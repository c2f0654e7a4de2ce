import { stat } from 'node:fs/promises';
import { join } from 'node:path';
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
export async function readCorpus(name: CorpusName, folder: string): Promise<CorpusListing> {
  const naming: CorpusNaming = CORPORA[name];
  return listCorpus(await recordingsFolder(naming, folder), naming);
}

/** The folder to which the `source` of a prepared clip is relative: a corpus may keep its recordings in one inside. */
export async function recordingsFolder(naming: CorpusNaming, folder: string): Promise<string> {
  if (naming.subfolder === undefined) return folder;
  const inner = join(folder, naming.subfolder);
  return (await stat(inner).catch(() => null))?.isDirectory() ? inner : folder;
}
