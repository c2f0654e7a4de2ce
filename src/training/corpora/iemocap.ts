import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import type { SpokenLabel } from '../vocabulary.js';
import { audioFilesUnder, requireFolder } from './audio-files.js';
import { type CorpusListing, type CorpusReader, listingOf, type NameFacts } from './corpus.js';
import type { Finding } from './finding.js';

/** The categories of the evaluations. `xxx`: the judges agreed on none. */
const EMOTIONS: Readonly<Record<string, { readonly word: string; readonly label: SpokenLabel | null }>> = {
  ang: { word: 'anger', label: 'angry' },
  dis: { word: 'disgust', label: 'disgust' },
  exc: { word: 'excitement', label: 'excitement' },
  fea: { word: 'fear', label: 'fear' },
  fru: { word: 'frustration', label: 'frustration' },
  hap: { word: 'happiness', label: 'happy' },
  neu: { word: 'neutral', label: 'neutral' },
  oth: { word: 'other', label: null },
  sad: { word: 'sadness', label: 'sad' },
  sur: { word: 'surprise', label: 'surprise' },
  xxx: { word: 'no agreement', label: null },
};

/** `[start - end]`, turn, emotion, `[valence, activation, dominance]`, separated by tabs. */
const TURN_LINE = /^\[\d+(?:\.\d+)? - \d+(?:\.\d+)?\]\t(\S+)\t(\w+)\t\[.*\]\s*$/;
/** Session, who wore the markers, dialogue, who speaks, number: `Ses01F_impro01_M003` is the man of session 1. */
const TURN_NAME = /^((Ses\d\d)[FM]_\w+)_([FM])\w+$/;

type Said = NameFacts | string;

/**
 * IEMOCAP (Busso et al. 2008): `SessionN/dialog/EmoEvaluation/<dialogue>.txt` labels the turns, whose recordings are
 * `SessionN/sentences/wav/<dialogue>/<turn>.wav`. Two people speak in each session.
 */
export const IEMOCAP: CorpusReader = {
  subfolder: 'IEMOCAP_full_release',
  async read(corpus, root) {
    const said = new Map<string, Said>();
    const findings: Finding[] = [];
    for (const session of await sessionsIn(root)) {
      const turns = await evaluatedTurns(join(root, session), findings);
      const folder = `${session}/sentences/wav`;
      for (const path of await audioFilesUnder(join(root, folder))) {
        const turn = path
          .split('/')
          .at(-1)!
          .replace(/\.\w+$/, '');
        said.set(`${folder}/${path}`, turns.get(turn)?.said ?? 'no evaluation names this turn.');
        turns.delete(turn);
      }
      for (const [turn, { place }] of turns)
        findings.push({ file: place, kind: 'left-out', detail: `there is no recording of ${turn}.` });
    }
    return listing(corpus, root, said, findings);
  },
};

function listing(
  corpus: string,
  root: string,
  said: ReadonlyMap<string, Said>,
  findings: readonly Finding[],
): CorpusListing {
  const listed = listingOf(corpus, root, 'en', said);
  return { ...listed, findings: [...findings, ...listed.findings] };
}

async function sessionsIn(root: string): Promise<string[]> {
  await requireFolder(root);
  const sessions = (await readdir(root)).filter((name) => /^Session\d$/.test(name)).sort();
  if (sessions.length > 0) return sessions;
  await audioFilesUnder(root);
  const detail = 'no clip of iemocap was found (there is no folder Session1).';
  throw new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place: root });
}

/** What is said of each turn of a session, and on which line; lines that can't be understood become findings. */
async function evaluatedTurns(
  session: string,
  findings: Finding[],
): Promise<Map<string, { readonly said: Said; readonly place: string }>> {
  const folder = join(session, 'dialog', 'EmoEvaluation');
  const turns = new Map<string, { said: Said; place: string }>();
  for (const name of await evaluationsIn(folder)) {
    const lines = (await readFile(join(folder, name), 'latin1')).split(/\r?\n/);
    for (const [i, line] of lines.entries()) {
      if (!line.startsWith('[')) continue;
      const place = `${join(folder, name)}:${i + 1}`;
      const [, turn, code] = TURN_LINE.exec(line) ?? [];
      if (turn === undefined || code === undefined)
        findings.push({ file: place, kind: 'left-out', detail: NOT_A_TURN });
      else turns.set(turn, { said: factsOf(turn, code), place });
    }
  }
  return turns;
}

const NOT_A_TURN = 'the line is not [start - end], turn, emotion, [V, A, D], separated by tabs.';

async function evaluationsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    const detail = 'there are no evaluations, without which no turn has a label.';
    throw new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place: folder, cause });
  });
  return names.filter((name) => name.endsWith('.txt') && !name.startsWith('.')).sort();
}

function factsOf(turn: string, code: string): Said {
  const [, , session, gender] = TURN_NAME.exec(turn) ?? [];
  if (session === undefined) return `"${turn}" is not named as in Ses01F_impro01_M003.`;
  const emotion = EMOTIONS[code];
  if (emotion === undefined)
    return `"${code}" is no emotion of IEMOCAP (${Object.keys(EMOTIONS).join(' ')}).`;
  return { speaker: `${session}${gender}`, label: emotion.label, corpusLabel: emotion.word };
}
