import type { z } from 'zod';
import { schemasAt, shapeOf } from './fields.js';
import { didYouMean, type Problem } from './problem.js';
import { type Config, configSchema } from './schema.js';
import { type Path, pathText, type SourceMap } from './source.js';

export type Validation =
  | { readonly config: Config; readonly problems: readonly [] }
  | { readonly config?: undefined; readonly problems: readonly Problem[] };

/** Checks a tree against the schema and fills the defaults in. */
export function validate(tree: unknown, sources: SourceMap): Validation {
  const result = configSchema.safeParse(tree, { reportInput: true });
  if (result.success) return { config: result.data, problems: [] };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, sources)) };
}

function problemsOf(issue: z.core.$ZodIssue, sources: SourceMap): readonly Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...issue.path, key], sources));
  const problem = {
    code: 'UT_CONFIG_INVALID',
    path: pathText(issue.path),
    source: sources.of(issue.path),
  } as const;
  return [{ ...problem, message: messageOf(issue), suggestion: suggestionOf(issue) }];
}

function unknownKey(path: Path, sources: SourceMap): Problem {
  const known = schemasAt(path.slice(0, -1)).flatMap((schema) => Object.keys(shapeOf(schema) ?? {}));
  const parent = pathText(path.slice(0, -1));
  const name = didYouMean(String(path.at(-1)), known);
  const suggestion = name === undefined ? undefined : [parent, name].filter(Boolean).join('.');
  const place = { path: pathText(path), source: sources.of(path) };
  return { code: 'UT_CONFIG_INVALID', message: 'no such setting', suggestion, ...place };
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'invalid_union') return `unknown kind; there are ${kindsAt(issue.path).join(', ')}`;
  return issue.message.replace(/^Invalid input: /, '').replace(/^Invalid option: /, '');
}

function kindsAt(path: Path): readonly string[] {
  return schemasAt(path)
    .flatMap((schema) => literalsOf(shapeOf(schema) ?? {}, 'kind'))
    .concat(schemasAt(path).flatMap(literalsOfSchema));
}

function literalsOf(shape: Readonly<Record<string, z.core.$ZodType>>, key: string): readonly string[] {
  const member = shape[key];
  return member === undefined ? [] : literalsOfSchema(member);
}

function literalsOfSchema(schema: z.core.$ZodType): readonly string[] {
  const { def } = schema._zod as { def: { type: string; values?: readonly unknown[] } };
  return def.type === 'literal' ? (def.values ?? []).map(String) : [];
}

function suggestionOf(issue: z.core.$ZodIssue): string | undefined {
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return typeof issue.input === 'string' ? didYouMean(issue.input, values) : undefined;
}
