import { extname, join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import type { SpokenLabel } from '../vocabulary.js';
import { audioFilesUnder } from './audio-files.js';
import { clipIds } from './clip-ids.js';
import type { Finding } from './finding.js';

/** One recording of a corpus. */
export interface CorpusClip {
  /** Unique in its corpus, on file systems that ignore case too, and usable as a file name. */
  readonly id: string;
  readonly path: string;
  readonly corpus: string;
  /** `<corpus>/<speaker>`: unique over all corpora. */
  readonly speaker: string;
  /** `null`: recorded as something that no label says (IEMOCAP's "other"). */
  readonly label: SpokenLabel | null;
  /** The corpus' own word for the emotion. */
  readonly corpusLabel: string;
  /** ISO 639-1; `und` where nobody says. */
  readonly language: string;
}

export interface CorpusListing {
  /** The folder that holds the recordings. */
  readonly root: string;
  /** Sorted by path, so that a listing does not depend on the file system. */
  readonly clips: readonly CorpusClip[];
  /** What names and manifests tell: files left out, each with the reason, and contradictions. */
  readonly findings: readonly Finding[];
}

/** How the recordings of a corpus are found and what is said of them. */
export interface CorpusReader {
  /** Folder of the recordings inside the corpus as it is handed out; it may be left out. */
  readonly subfolder?: string;
  /**
   * @param path the folder of the recordings, or a manifest
   * @throws UT_TRAINING_BAD_CORPUS where it can't be read or holds no clip of this corpus
   */
  read(corpus: string, path: string): Promise<CorpusListing>;
}

/** What a corpus says of one file; `doubt` is what speaks against it. */
export type NameFacts = Pick<CorpusClip, 'speaker' | 'label' | 'corpusLabel'> & {
  readonly doubt?: Omit<Finding, 'file'>;
};

/** How a corpus writes its facts into names. `read` gives a text where the name is not one of the corpus'. */
export interface CorpusNaming {
  readonly language: string;
  readonly subfolder?: string;
  /** @param path relative to the corpus' folder, with `/`, without its ending */
  read(path: string): NameFacts | string;
}

/** A reader of every audio file under a folder, by its name. */
export function readerByNames(naming: CorpusNaming): CorpusReader {
  const { subfolder } = naming;
  const read = async (corpus: string, root: string) => {
    const facts = new Map<string, NameFacts | string>();
    for (const path of await audioFilesUnder(root))
      facts.set(path, naming.read(path.slice(0, -extname(path).length)));
    return listingOf(corpus, root, naming.language, facts);
  };
  return subfolder === undefined ? { read } : { read, subfolder };
}

/**
 * The listing of files of which it is known what they are, or (a text) why they are left out.
 * @param facts by path relative to `root`, with `/`
 * @throws UT_TRAINING_BAD_CORPUS where all are left out
 */
export function listingOf(
  corpus: string,
  root: string,
  language: string,
  facts: ReadonlyMap<string, (NameFacts & { readonly language?: string }) | string>,
): CorpusListing {
  const clips: CorpusClip[] = [];
  const findings: Finding[] = [];
  const ids = clipIds([...facts.keys()]);
  for (const [path, said] of facts) {
    const file = join(root, path);
    if (typeof said === 'string') {
      findings.push({ file, kind: 'left-out', detail: said });
      continue;
    }
    const { doubt, speaker, ...rest } = said;
    const id = ids.get(path)!;
    clips.push({ language, ...rest, id, path: file, corpus, speaker: `${corpus}/${speaker}` });
    if (doubt !== undefined) findings.push({ ...doubt, file });
  }
  if (clips.length === 0) throw nothingFound(corpus, root, findings);
  return { root, clips, findings };
}

function nothingFound(corpus: string, root: string, leftOut: readonly Finding[]): UndertoneError {
  const [first] = leftOut;
  const seen =
    first === undefined
      ? 'no audio file'
      : `${leftOut.length} audio files, the first: ${first.file}: ${first.detail}`;
  const detail = `no clip of ${corpus} was found (${seen}).`;
  return new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place: root });
}
