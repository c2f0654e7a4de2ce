import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { UndertoneError } from '../../errors.js';
import type { SpokenLabel } from '../vocabulary.js';

/** One recording of a corpus. */
export interface CorpusClip {
  /** Unique in its corpus and usable as a file name. */
  readonly id: string;
  readonly path: string;
  readonly corpus: string;
  /** `<corpus>/<speaker>`: unique over all corpora. */
  readonly speaker: string;
  /** `null`: recorded as something that the vocabulary has no word for. */
  readonly label: SpokenLabel | null;
  /** The corpus' own word for the emotion. */
  readonly corpusLabel: string;
  /** ISO 639-1. */
  readonly language: string;
}

export interface CorpusListing {
  /** The folder that holds the recordings. */
  readonly root: string;
  /** Sorted by id, so that a listing does not depend on the file system. */
  readonly clips: readonly CorpusClip[];
  /** Audio files whose names the corpus does not define, each with the reason. They are left out. */
  readonly warnings: readonly string[];
}

/** What a corpus' file name says. */
export type NameFacts = Pick<CorpusClip, 'speaker' | 'label' | 'corpusLabel'>;

/** How one corpus writes its facts into names. `read` gives a text where the name is not one of the corpus'. */
export interface CorpusNaming {
  readonly corpus: string;
  readonly language: string;
  /** Folder of the recordings inside the corpus as it is handed out; it may be left out. */
  readonly subfolder?: string;
  /** @param path relative to the corpus' folder, with `/`, without its ending */
  read(path: string): NameFacts | string;
}

const AUDIO_ENDINGS = new Set(['.wav', '.flac', '.mp3', '.ogg', '.aiff', '.aif']);

/**
 * Every audio file under `root`, read by the corpus' naming.
 * @throws UT_TRAINING_BAD_CORPUS where the folder can't be read or holds no clip of this corpus.
 */
export async function listCorpus(root: string, naming: CorpusNaming): Promise<CorpusListing> {
  const clips: CorpusClip[] = [];
  const warnings: string[] = [];
  for (const path of await audioFilesUnder(root)) {
    const name = path.slice(0, -extname(path).length);
    const facts = naming.read(name);
    if (typeof facts === 'string') warnings.push(`${join(root, path)}: ${facts}`);
    else clips.push(clipOf(root, path, naming, facts));
  }
  if (clips.length === 0) {
    const seen =
      warnings.length === 0 ? 'no audio file' : `${warnings.length} audio files, the first: ${warnings[0]}`;
    throw new UndertoneError('UT_TRAINING_BAD_CORPUS', `no clip of ${naming.corpus} was found (${seen}).`, {
      place: root,
    });
  }
  return { root, clips, warnings };
}

function clipOf(root: string, path: string, naming: CorpusNaming, facts: NameFacts): CorpusClip {
  const stem = path.slice(0, -extname(path).length);
  return {
    ...facts,
    id: stem.replaceAll('/', '__').replaceAll(/[^\w.-]/g, '_'),
    path: join(root, path),
    corpus: naming.corpus,
    speaker: `${naming.corpus}/${facts.speaker}`,
    language: naming.language,
  };
}

async function audioFilesUnder(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new UndertoneError('UT_TRAINING_BAD_CORPUS', 'the folder can not be read.', { place: root, cause });
  });
  return entries
    .filter((entry) => entry.isFile() && AUDIO_ENDINGS.has(extname(entry.name).toLowerCase()))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}
