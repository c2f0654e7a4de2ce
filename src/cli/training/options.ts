import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { UndertoneError } from '../../errors.js';
import type { FrontEnd } from '../../features/index.js';
import { parseFrontEnd } from '../../inference/index.js';
import type { CorpusName } from '../../training/index.js';

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

export interface CorpusArgument {
  readonly corpus: CorpusName;
  readonly folder: string;
}

/**
 * Reads `ravdess=path/to/it`, or a path whose last folder has the corpus' name.
 * @throws UT_TRAINING_BAD_OPTIONS for a name that is none of `corpora`
 */
export function corpusArgument(text: string, corpora: Readonly<Record<CorpusName, unknown>>): CorpusArgument {
  const equals = text.indexOf('=');
  const folder = text.slice(equals + 1);
  const name = equals < 0 ? (folder.split(/[\\/]/).filter(Boolean).at(-1) ?? '') : text.slice(0, equals);
  return { corpus: keyOf(corpora, name.toLowerCase(), `"${text}" (write NAME=FOLDER)`), folder };
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
