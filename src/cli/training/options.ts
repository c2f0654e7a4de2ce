import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { didYouMean } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import type { FrontEnd } from '../../features/index.js';
import { parseFrontEnd } from '../../inference/index.js';
import type { CorpusName, CorpusSource, OwnLayout } from '../../training/index.js';

/** Parsers for commander: what they refuse is a usage error. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('A whole number is needed.');
  return value;
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('A number is needed.');
  return value;
}

export function numbers(text: string): readonly number[] {
  return text === '' ? [] : text.split(',').map(wholeNumber);
}

/** The key of a table by which it was asked for. @throws UT_TRAINING_BAD_OPTIONS naming all keys */
export function keyOf<K extends string>(table: Readonly<Record<K, unknown>>, name: string, place: string): K {
  if (Object.hasOwn(table, name)) return name as K;
  const detail = `There is no "${name}"; there are ${Object.keys(table).join(', ')}.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place });
}

/** `my-calls=folders:path` and `my-calls=csv:path`. */
const OWN = /^([^=]+)=(folders|csv):(.+)$/;

/**
 * Reads `ravdess=path/to/it`, a path whose last folder has the corpus' name, or a name for own recordings with their
 * layout.
 * @throws UT_TRAINING_BAD_OPTIONS for a name that is none of `corpora` and has no layout
 */
export function corpusArgument(text: string, corpora: Readonly<Record<CorpusName, unknown>>): CorpusSource {
  const [, own, layout, ownPath] = OWN.exec(text) ?? [];
  if (own !== undefined) return { corpus: own, layout: layout as OwnLayout, path: ownPath! };
  const equals = text.indexOf('=');
  const path = text.slice(equals + 1);
  const name = equals < 0 ? (path.split(/[\\/]/).filter(Boolean).at(-1) ?? '') : text.slice(0, equals);
  if (Object.hasOwn(corpora, name.toLowerCase())) return { corpus: name.toLowerCase() as CorpusName, path };
  throw unknownCorpus(text, name, Object.keys(corpora));
}

function unknownCorpus(place: string, name: string, known: readonly string[]): UndertoneError {
  const nearest = didYouMean(name, known);
  const meant = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  const detail = `There is no corpus "${name}"; there are ${known.join(', ')}.${meant}`;
  const remedy =
    'Write NAME=FOLDER; for recordings of your own NAME=folders:FOLDER (a folder for each label) or NAME=csv:FILE.';
  return new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place, remedy });
}

/**
 * A front end as a bundle holds it, from a JSON file.
 * @throws UT_TRAINING_BAD_OPTIONS where it is no JSON, UT_FEATURES_BAD_FRONT_END naming the field that is wrong
 */
export async function readFrontEnd(path: string): Promise<FrontEnd> {
  return parseFrontEnd(await readJson(path), path);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const detail = `The front end cannot be read: ${(cause as Error).message}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: path, cause });
  }
}
