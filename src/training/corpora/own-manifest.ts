import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type CsvError, parse } from 'csv-parse/sync';
import { didYouMean } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { type CorpusListing, type CorpusReader, listingOf, type NameFacts } from './corpus.js';
import type { Finding } from './finding.js';
import { spokenLabel, unknownLabel } from './spoken-words.js';

const REQUIRED = ['path', 'label'] as const;
const COLUMNS = [...REQUIRED, 'speaker', 'language'] as const;

/** A line of the manifest, with its number. Columns that the file does not have are missing. */
interface Row {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<string, string>>>;
}

/** What a row says, or (a text) why it is left out. */
type Said = (NameFacts & { readonly language: string }) | string;

/**
 * A person's own recordings, listed in a CSV file with the columns `path` (relative to the file), `label`, and if they
 * are known `speaker` and `language`. Separated by comma, semicolon or tab, whichever the first line holds.
 */
export const OWN_MANIFEST: CorpusReader = {
  async read(corpus, path) {
    const { rows, columns } = parseRows(await readText(path), path);
    const root = dirname(path);
    const said = new Map<string, Said>();
    const findings = ignoredColumns(path, columns);
    for (const row of rows) {
      const file = relative(root, resolve(root, row.cells.path ?? '')).replaceAll(sep, '/');
      const facts = await readRow(row, file, root);
      const place = `${path}:${row.line}`;
      const earlier = said.get(file);
      if (typeof facts === 'string') findings.push({ file: place, kind: 'left-out', detail: facts });
      else if (earlier !== undefined) findings.push(twice(place, file, earlier, facts));
      else said.set(file, facts);
    }
    if (said.size === 0) throw nothingUsable(path, rows.length, findings);
    return listing(corpus, path, said, findings);
  },
};

function listing(
  corpus: string,
  path: string,
  said: ReadonlyMap<string, Said>,
  findings: readonly Finding[],
): CorpusListing {
  const listed = listingOf(corpus, dirname(path), 'und', said);
  return { ...listed, findings: [...findings, ...listed.findings] };
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EISDIR') throw notAFile(path);
    const detail = `the manifest can not be read: ${cause.message}.`;
    throw new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place: path, cause });
  });
}

function notAFile(place: string): UndertoneError {
  const remedy = 'Give the CSV file; a folder with a folder for each label is NAME=folders:FOLDER.';
  return new UndertoneError('UT_TRAINING_BAD_CORPUS', 'it is a folder, not a file.', { place, remedy });
}

function parseRows(text: string, path: string): { readonly rows: Row[]; readonly columns: string[] } {
  const [head = ''] = text.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].find((sign) => head.includes(sign)) ?? ',';
  let columns: string[] = [];
  const header = (cells: string[]) => {
    columns = cells.map((cell) => cell.toLowerCase());
    requireColumns(columns, path);
    return columns;
  };
  try {
    const options = { bom: true, columns: header, delimiter, info: true, skip_empty_lines: true, trim: true };
    const records = parse(text, options) as unknown as { info: { lines: number }; record: Row['cells'] }[];
    return { rows: records.map(({ info, record }) => ({ line: info.lines, cells: record })), columns };
  } catch (cause) {
    if (cause instanceof UndertoneError) throw cause;
    const { lines, message } = cause as CsvError & { readonly lines?: number };
    const place = lines === undefined ? path : `${path}:${lines}`;
    throw new UndertoneError('UT_TRAINING_BAD_CORPUS', `${message}.`, { place, cause, remedy: CSV_REMEDY });
  }
}

const CSV_REMEDY =
  'Write a line for each recording, with as many fields as the first line; put a field that holds the separator or a quote into quotes.';

function requireColumns(columns: readonly string[], path: string): void {
  const missing = REQUIRED.find((column) => !columns.includes(column));
  if (missing === undefined) return;
  const nearest = didYouMean(missing, columns);
  const meant = nearest === undefined ? '' : ` ("${nearest}" is not understood)`;
  const detail = `its first line names no column "${missing}"${meant}; it names: ${columns.join(', ')}.`;
  const remedy = 'Begin the file with the line path,label,speaker,language; the last two may be missing.';
  throw new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place: `${path}:1`, remedy });
}

function ignoredColumns(path: string, columns: readonly string[]): Finding[] {
  return columns
    .filter((column) => !COLUMNS.some((known) => known === column))
    .map((column) => {
      const nearest = didYouMean(column, COLUMNS);
      const meant = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
      const detail = `the column "${column}" is none of ${COLUMNS.join(', ')} and is not used.${meant}`;
      return { file: `${path}:1`, kind: 'ignored-column' as const, detail };
    });
}

async function readRow({ cells }: Row, file: string, root: string): Promise<Said> {
  const { path = '', label: word = '', speaker = '', language = '' } = cells;
  if (path === '') return 'it names no recording.';
  const label = spokenLabel(word);
  if (label === undefined) return unknownLabel(word);
  if (!/^([a-z]{2,3}(-[A-Za-z0-9]+)*)?$/.test(language))
    return `"${language}" is no language code such as en, de or pt-BR.`;
  if (!(await stat(join(root, file)).catch(() => null))?.isFile()) return `there is no file ${path}.`;
  const facts = { label, corpusLabel: word, language: language || 'und' };
  return { ...facts, speaker: speaker || basename(file) };
}

function twice(place: string, file: string, earlier: Said, facts: Said): Finding {
  const same = JSON.stringify(earlier) === JSON.stringify(facts);
  return same
    ? { file: place, kind: 'left-out', detail: `${file} is listed already, in the same words.` }
    : { file: place, kind: 'contradiction', detail: `${file} is listed already, with other words.` };
}

function nothingUsable(path: string, rows: number, findings: readonly Finding[]): UndertoneError {
  const first = findings.find(({ kind }) => kind === 'left-out');
  const detail =
    first === undefined
      ? 'it lists no recording.'
      : `none of its ${rows} lines can be used; the first: ${first.file}: ${first.detail}`;
  const remedy = 'Correct the lines; `path` is relative to the manifest.';
  return new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place: path, remedy });
}
