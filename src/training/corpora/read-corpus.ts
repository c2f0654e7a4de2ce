import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { spellingFindings, unknownSpeakers } from './checks/speakers.js';
import { type CorpusClip, type CorpusListing, type CorpusReader, readerByNames } from './corpus.js';
import { EMODB } from './emodb.js';
import type { Finding } from './finding.js';
import { IEMOCAP } from './iemocap.js';
import { OWN_FOLDERS } from './own-folders.js';
import { OWN_MANIFEST } from './own-manifest.js';
import { RAVDESS } from './ravdess.js';
import { TESS } from './tess.js';

/** The published corpora that can be read, by name. */
export const CORPORA = {
  tess: readerByNames(TESS),
  ravdess: readerByNames(RAVDESS),
  emodb: readerByNames(EMODB),
  iemocap: IEMOCAP,
} as const satisfies Record<string, CorpusReader>;
export type CorpusName = keyof typeof CORPORA;

/** How a person's own recordings may lie. */
export const OWN_LAYOUTS = {
  folders: readerByNames(OWN_FOLDERS),
  csv: OWN_MANIFEST,
} as const satisfies Record<string, CorpusReader>;
export type OwnLayout = keyof typeof OWN_LAYOUTS;

/** A corpus that was asked for. */
export interface CorpusSource {
  /** One of {@link CORPORA}, or with a `layout` any other name. */
  readonly corpus: string;
  /** Only of a person's own recordings. */
  readonly layout?: OwnLayout;
  /** The folder of the corpus with its original names; with the layout `csv` the manifest. */
  readonly path: string;
}

/** Lists the clips of a corpus. @throws UT_TRAINING_BAD_CORPUS, UT_TRAINING_BAD_OPTIONS (its name) */
export async function readCorpus({ corpus, layout, path }: CorpusSource): Promise<CorpusListing> {
  const reader = readerOf(corpus, layout);
  const reading = reader.read(corpus, await recordingsFolder(path, reader));
  const listing = await reading.catch(async (error: unknown) => {
    throw await withLikeness(error, corpus, path);
  });
  const { clips, root } = listing;
  const unknown = layout === undefined ? [] : unknownSpeakers(clips, root);
  const ofAll = [...clips.flatMap(unlabelled), ...spellingFindings(clips, root), ...unknown];
  return { ...listing, findings: [...listing.findings, ...ofAll] };
}

/** The same error, with the name of the published corpus that the folder holds instead, if it is one. */
async function withLikeness(error: unknown, corpus: string, path: string): Promise<unknown> {
  if (!(error instanceof UndertoneError)) return error;
  for (const [name, reader] of Object.entries<CorpusReader>(CORPORA)) {
    if (name === corpus) continue;
    const found = await reader.read(name, await recordingsFolder(path, reader)).catch(() => null);
    if (found === null || found.clips.length < found.findings.length) continue;
    const remedy = `It looks like ${name}: write ${name}=${path}.`;
    return new UndertoneError(error.code, error.detail, { place: error.place ?? path, cause: error, remedy });
  }
  return error;
}

function unlabelled({ path, label, corpusLabel }: CorpusClip): Finding[] {
  if (label !== null) return [];
  return [{ file: path, kind: 'no-label', detail: `"${corpusLabel}" is no emotion that a model learns.` }];
}

function readerOf(corpus: string, layout: OwnLayout | undefined): CorpusReader {
  const published = Object.hasOwn(CORPORA, corpus) ? CORPORA[corpus as CorpusName] : undefined;
  if (layout === undefined && published !== undefined) return published;
  if (layout !== undefined && published === undefined && /^[a-z][a-z0-9-]*$/.test(corpus))
    return OWN_LAYOUTS[layout];
  const detail =
    layout === undefined
      ? `there is no corpus "${corpus}"; there are ${Object.keys(CORPORA).join(', ')}.`
      : `"${corpus}" is no name for own recordings: it is made of a-z, 0-9 and "-", and not that of a published corpus.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: 'corpus' });
}

async function recordingsFolder(folder: string, { subfolder }: CorpusReader): Promise<string> {
  if (subfolder === undefined) return folder;
  const inner = join(folder, subfolder);
  return (await stat(inner).catch(() => null))?.isDirectory() ? inner : folder;
}

/** The folder to which the `source` of a prepared clip is relative, from the path of its corpus. */
export async function sourcesFolder(corpus: string, path: string): Promise<string> {
  if (Object.hasOwn(CORPORA, corpus)) return recordingsFolder(path, CORPORA[corpus as CorpusName]);
  return (await stat(path).catch(() => null))?.isFile() ? dirname(path) : path;
}
