import { parse } from 'yaml';
import { schemasAt, settableFields, unwrap } from './fields.js';
import { didYouMean, type Problem } from './problem.js';
import type { Reading } from './read-file.js';
import type { Path, Source } from './source.js';
import type { Setting } from './tree.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'UNDERTONE_';

/** Variables with the prefix that are no fields of the configuration. */
export const OTHER_VARIABLES: Readonly<Record<string, string>> = {
  UNDERTONE_BENCH_BUNDLE: 'Folder of the model bundle that `npm run bench` measures.',
  UNDERTONE_CONFIG: 'Path of the configuration file, as `--config`.',
  UNDERTONE_CONSOLE_URL: 'Running console that the page is developed against (`npx vite src/console/page`).',
  UNDERTONE_CORPORA: 'Folder of the speech corpora, for the tests that need recordings.',
  UNDERTONE_PYTHON: 'Interpreter from which `scripts/setup-python.mjs` makes the Python environment.',
  UNDERTONE_TEST_SETUP: '`skip`: `npm test` brings nothing and builds nothing.',
  UNDERTONE_TF_WHEEL:
    'Wheel of `tensorflow_cpu` that `scripts/install-tfjs.mjs` uses instead of downloading one.',
};

/** What Kubernetes puts into every container beside a Service whose name begins with `undertone`. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)$/;

/** `gateway.maxStreams` → `UNDERTONE_GATEWAY_MAX_STREAMS`. */
export function variableOf(path: string): string {
  return (
    PREFIX +
    path
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replaceAll('.', '_')
      .toUpperCase()
  );
}

/** Every variable Undertone reads, with the path that it sets; one variable sets one path. */
export function configVariables(): ReadonlyMap<string, string> {
  return new Map(settableFields().map(({ path }) => [variableOf(path), path]));
}

/** Reads the `UNDERTONE_*` variables; an empty one counts as not set. */
export function readEnvironment(environment: Environment): Reading {
  const known = configVariables();
  const settings: Setting[] = [];
  const problems: Problem[] = [];
  for (const [variable, text] of Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!isForUndertone(variable, text)) continue;
    const source: Source = { kind: 'environment', place: variable };
    const path = known.get(variable);
    if (path === undefined) problems.push(unknownVariable(variable, [...known.keys()]));
    else addSetting(path.split('.'), text, source, settings, problems);
  }
  return { settings, problems };
}

function isForUndertone(variable: string, text: string | undefined): text is string {
  const isServiceLink = SERVICE_LINK.test(variable) || text?.startsWith('tcp://') === true;
  return variable.startsWith(PREFIX) && !isServiceLink && !Object.hasOwn(OTHER_VARIABLES, variable) && !!text;
}

function unknownVariable(variable: string, known: readonly string[]): Problem {
  const suggestion = didYouMean(variable, [...known, ...Object.keys(OTHER_VARIABLES)]);
  return { code: 'UT_CONFIG_INVALID', path: variable, message: 'no such setting', suggestion };
}

/** Reads `--set path=value` flags. */
export function readFlags(flags: readonly string[]): Reading {
  const settings: Setting[] = [];
  const problems: Problem[] = [];
  for (const flag of flags) {
    const equals = flag.indexOf('=');
    const source: Source = { kind: 'flag', place: `--set ${equals < 0 ? flag : flag.slice(0, equals)}` };
    if (equals < 1) {
      problems.push({
        code: 'UT_CONFIG_INVALID',
        path: source.place,
        message: 'must have the form path=value',
      });
    } else addSetting(flag.slice(0, equals).split('.'), flag.slice(equals + 1), source, settings, problems);
  }
  return { settings, problems };
}

function addSetting(
  path: Path,
  text: string,
  source: Source,
  settings: Setting[],
  problems: Problem[],
): void {
  try {
    settings.push({ path, value: parseSetting(path, text), source });
  } catch (error) {
    const message = `is not YAML: ${(error as Error).message.split('\n')[0]}`;
    problems.push({ code: 'UT_CONFIG_INVALID', path: path.join('.'), message, source });
  }
}

/** Text stays text where the schema wants text; everything else (numbers, lists, maps) is written as YAML or JSON. */
function parseSetting(path: Path, text: string): unknown {
  const wantsText = schemasAt(path).some((schema) => unwrap(schema).type._zod.def.type === 'string');
  const isReference = /^\s*\{.*\}\s*$/.test(text);
  const isNull = text === 'null' && schemasAt(path).some((schema) => unwrap(schema).nullable);
  return wantsText && !isReference && !isNull ? text : parse(text);
}
