import { allFields, fieldPathOf } from './fields.js';
import type { Problem } from './problem.js';
import type { Environment } from './read-environment.js';
import type { Path, SourceMap } from './source.js';
import { isTree } from './tree.js';

export const REDACTED = '<redacted>';

const secretPaths: ReadonlySet<string> = new Set(
  allFields()
    .filter((field) => field.secret)
    .map((field) => field.path),
);

function isSecret(path: Path): boolean {
  return secretPaths.has(fieldPathOf(path));
}

/** Rebuilds a tree of plain values, with `change` applied to every value that stands at a secret's place. */
function mapSecrets(value: unknown, path: Path, change: (secret: unknown, path: Path) => unknown): unknown {
  if (isSecret(path)) return change(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapSecrets(item, [...path, index], change));
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapSecrets(item, [...path, key], change)]),
  );
}

/** The same configuration, fit to be printed. */
export function redact<T>(config: T): T {
  return mapSecrets(config, [], (secret) => (secret === null ? null : REDACTED)) as T;
}

export interface SecretSources {
  readonly environment: Environment;
  /** Content of a file; throws what `readFileSync` throws. */
  readFile(path: string): string;
}

/** Puts the secrets themselves where `{file: path}` and `{env: NAME}` stand. */
export function resolveSecrets(
  tree: unknown,
  from: SecretSources,
  sources: SourceMap,
): { readonly tree: unknown; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const resolved = mapSecrets(tree, [], (value, path) => {
    const found = lookUp(value, from);
    if (found.failure === undefined) return found.value;
    const place = { path: fieldPathOf(path), source: sources.of(path) };
    problems.push({ code: 'UT_CONFIG_SECRET_UNREADABLE', message: found.failure, ...place });
    return undefined;
  });
  return { tree: resolved, problems };
}

type LookUp = { readonly value: unknown; readonly failure?: undefined } | { readonly failure: string };

function lookUp(value: unknown, from: SecretSources): LookUp {
  if (!isTree(value) || Object.keys(value).length !== 1) return { value };
  const { env, file } = value;
  if (typeof env === 'string') return fromVariable(env, from.environment);
  return typeof file === 'string' ? fromFile(file, from) : { value };
}

function fromVariable(name: string, environment: Environment): LookUp {
  const value = environment[name];
  return value ? { value } : { failure: `the environment variable ${name} is not set` };
}

function fromFile(path: string, from: SecretSources): LookUp {
  try {
    return { value: from.readFile(path).replace(/\r?\n$/, '') };
  } catch (error) {
    return { failure: `cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? String(error)})` };
  }
}
