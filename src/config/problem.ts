import { closest, distance } from 'fastest-levenshtein';
import { ERROR_CATALOGUE, type ErrorCode, UndertoneError } from '../errors.js';
import type { Source } from './source.js';

/** One thing that is wrong with the configuration. */
export interface Problem {
  readonly code: ErrorCode;
  /** Path of the value, or what else names the place. */
  readonly path: string;
  readonly message: string;
  readonly source?: Source;
  readonly suggestion?: string | undefined;
}

/** One error that lists all problems, under the code of the first, with the remedies of all their codes. */
export function problemsError(problems: readonly [Problem, ...Problem[]]): UndertoneError {
  const [first] = problems;
  if (problems.length === 1)
    return new UndertoneError(first.code, sentence(messageOf(first)), { place: placeOf(first) });
  const lines = problems.map((problem) => `\n  ${placeOf(problem)}: ${messageOf(problem)}`);
  const codes = [...new Set(problems.map(({ code }) => code))];
  const remedy = codes.map((code) => ERROR_CATALOGUE[code].remedy).join('\n');
  return new UndertoneError(first.code, `${problems.length} problems:${lines.join('')}\n`, { remedy });
}

function sentence(text: string): string {
  return text.endsWith('?') ? text : `${text}.`;
}

function placeOf(problem: Problem): string {
  const { source, path } = problem;
  return source === undefined || source.place.includes(path)
    ? (source?.place ?? path)
    : `${path} (${source.place})`;
}

function messageOf(problem: Problem): string {
  return problem.suggestion === undefined
    ? problem.message
    : `${problem.message}; did you mean \`${problem.suggestion}\`?`;
}

/** The candidate that `word` was probably meant to be; undefined where none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const same = candidates.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
  const nearest = same ?? closest(word, [...candidates]);
  return distance(word, nearest) <= Math.max(2, Math.ceil(word.length / 3)) ? nearest : undefined;
}
