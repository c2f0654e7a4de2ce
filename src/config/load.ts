import { readFileSync } from 'node:fs';
import { UndertoneError } from '../errors.js';
import { crossCheck } from './cross-checks.js';
import { type Problem, problemsError } from './problem.js';
import { type Environment, readEnvironment, readFlags } from './read-environment.js';
import { type Reading, readConfigText } from './read-file.js';
import type { Config } from './schema.js';
import { resolveSecrets } from './secrets.js';
import type { SourceMap } from './source.js';
import { ConfigTree } from './tree.js';
import { validate } from './validate.js';

/** The file that is read when none is named and it exists. */
export const DEFAULT_CONFIG_FILE = 'undertone.yaml';

/** Everything a configuration is made of, weakest first; nothing else is looked at. */
export interface ConfigInputs {
  /** A file that must exist; without it `UNDERTONE_CONFIG`, then `undertone.yaml` if there is one. */
  readonly file?: string | undefined;
  readonly environment?: Environment;
  /** `path=value`, as given with `--set`. */
  readonly flags?: readonly string[];
  /** Content of a file; throws what `readFileSync` throws. */
  readonly readFile?: (path: string) => string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly sources: SourceMap;
}

/**
 * Defaults < file < environment < flags. Throws one UndertoneError that lists every problem with its path and source:
 * UT_CONFIG_INVALID, UT_CONFIG_FILE_UNREADABLE, UT_CONFIG_SECRET_UNREADABLE, UT_CONFIG_CONTRADICTION,
 * UT_CONFIG_EXPOSED_WITHOUT_AUTH, UT_CONFIG_EXPOSED_WITHOUT_TLS.
 */
export function loadConfig(inputs: ConfigInputs = {}): LoadedConfig {
  const { environment = process.env, flags = [], readFile = readUtf8 } = inputs;
  const readings = [
    readNamedFile(inputs.file ?? environment.UNDERTONE_CONFIG, readFile),
    readEnvironment(environment),
    readFlags(flags),
  ];
  const layers = new ConfigTree();
  for (const setting of readings.flatMap((reading) => reading.settings)) layers.apply(setting);
  const { tree, problems: secretProblems } = resolveSecrets(
    layers.root,
    { environment, readFile },
    layers.sources,
  );
  const validation = validate(tree, layers.sources);
  const readingProblems = [...readings.flatMap((reading) => reading.problems), ...secretProblems];
  throwIfAny([...readingProblems, ...withoutRepeats(validation.problems, secretProblems)]);
  const { config } = validation;
  if (config === undefined)
    throw new UndertoneError('UT_INTERNAL', 'The configuration was neither valid nor invalid.');
  throwIfAny(crossCheck(config, layers.sources));
  return { config, sources: layers.sources };
}

const readUtf8 = (path: string): string => readFileSync(path, 'utf8');

function throwIfAny(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw problemsError([first, ...others]);
}

/** A secret that could not be read is missing for the schema too; once is enough. */
function withoutRepeats(found: readonly Problem[], told: readonly Problem[]): readonly Problem[] {
  const places = new Set(told.map((problem) => problem.source?.place));
  return found.filter((problem) => !places.has(problem.source?.place));
}

function readNamedFile(named: string | undefined, readFile: (path: string) => string): Reading {
  const path = named || DEFAULT_CONFIG_FILE;
  const text = contentOf(path, readFile);
  if (text !== undefined) return readConfigText(text, path);
  if (!named) return { settings: [], problems: [] };
  throw new UndertoneError('UT_CONFIG_FILE_UNREADABLE', 'There is no such file.', { place: path });
}

function contentOf(path: string, readFile: (path: string) => string): string | undefined {
  try {
    return readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const detail = `It cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).`;
    throw new UndertoneError('UT_CONFIG_FILE_UNREADABLE', detail, { place: path, cause });
  }
}
