import { z } from 'zod';
import { configSchema } from './schema.js';

/** A schema without its wrappers, and what the wrappers said. */
export interface Unwrapped {
  readonly type: z.core.$ZodType;
  readonly description: string | undefined;
  readonly optional: boolean;
  readonly nullable: boolean;
}

/** One place of the configuration that takes a value: a scalar, a list or a record. */
export interface Field extends Unwrapped {
  /** `gateway.auth.publicUrl`; `tenants.*.requireNotice` inside records, `alerts.rules[].name` inside lists. */
  readonly path: string;
  readonly secret: boolean;
  /** The enclosing schema, for its default. */
  readonly schema: z.core.$ZodType;
}

type Def = z.core.$ZodTypeDef & {
  innerType?: z.core.$ZodType;
  shape?: Readonly<Record<string, z.core.$ZodType>>;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
};
const defOf = (schema: z.core.$ZodType): Def => schema._zod.def as Def;
const WRAPPERS = new Set(['default', 'prefault', 'optional', 'nullable']);

/** Takes defaults, optionals and nullables off; the outermost description wins. */
export function unwrap(schema: z.core.$ZodType): Unwrapped {
  const description = z.globalRegistry.get(schema)?.description;
  const def = defOf(schema);
  if (!WRAPPERS.has(def.type) || def.innerType === undefined) {
    return { type: schema, description, optional: false, nullable: false };
  }
  const inner = unwrap(def.innerType);
  return {
    type: inner.type,
    description: description ?? inner.description,
    optional: inner.optional || def.type !== 'nullable',
    nullable: inner.nullable || def.type === 'nullable',
  };
}

/** The members of an object schema; undefined for every other schema. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  return defOf(unwrap(schema).type).shape;
}

/** What a list, a record or a union holds. */
export function contentsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const def = defOf(unwrap(schema).type);
  return def.options ?? [def.element ?? def.valueType].filter((part) => part !== undefined);
}

/** Every value of the configuration in the order of the schema, members of lists and records included. */
export function allFields(schema: z.core.$ZodType = configSchema, path = ''): readonly Field[] {
  const shape = shapeOf(schema);
  if (shape !== undefined) {
    return Object.entries(shape).flatMap(([key, member]) =>
      allFields(member, path === '' ? key : `${path}.${key}`),
    );
  }
  const { type } = unwrap(schema);
  const inner = contentsOf(schema).flatMap((part) => allFields(part, path + suffixOf(type)));
  return [fieldOf(schema, path), ...inner.filter((field) => field.path !== path && isNamed(field))];
}

function fieldOf(schema: z.core.$ZodType, path: string): Field {
  const unwrapped = unwrap(schema);
  const secret = z.globalRegistry.get(unwrapped.type)?.secret === true;
  return { ...unwrapped, path, schema, secret };
}

function suffixOf(type: z.core.$ZodType): string {
  const kind = defOf(type).type;
  if (kind === 'array') return '[]';
  return kind === 'record' ? '.*' : '';
}

/** Plain entries of lists say nothing that their list does not say, unless they are secret. */
function isNamed(field: Field): boolean {
  return field.description !== undefined || field.secret;
}

/** The fields that hold one value each and therefore have an environment variable: none inside lists or records. */
export function settableFields(): readonly Field[] {
  return allFields().filter((field) => !field.path.includes('[]') && !field.path.includes('*'));
}

/** The schemas that may stand at a concrete path (`['alerts', 'rules', 0]` has one a kind); none where nothing may. */
export function schemasAt(path: readonly PropertyKey[]): readonly z.core.$ZodType[] {
  return walk(path).schemas;
}

/** Turns a concrete path into the one of its field: list indices into `[]`, keys of records into `*`. */
export function fieldPathOf(path: readonly PropertyKey[]): string {
  return walk(path).text.replace(/^\./, '');
}

interface Walk {
  readonly text: string;
  readonly schemas: readonly z.core.$ZodType[];
}

function walk(path: readonly PropertyKey[]): Walk {
  return path.reduce<Walk>(
    ({ text, schemas }, part) => {
      const members = schemas.map((schema) => memberOf(schema, String(part)));
      const [first] = members;
      return {
        text: text + (first?.text ?? `.${String(part)}`),
        schemas: members.flatMap((member) => member.schemas),
      };
    },
    { text: '', schemas: [configSchema] },
  );
}

function memberOf(schema: z.core.$ZodType, part: string): Walk {
  const shape = shapeOf(schema);
  if (shape !== undefined) {
    return { text: `.${part}`, schemas: Object.hasOwn(shape, part) ? [shape[part]!] : [] };
  }
  return {
    text: suffixOf(unwrap(schema).type) || `.${part}`,
    schemas: contentsOf(schema).flatMap(alternativesOf),
  };
}

function alternativesOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  return defOf(unwrap(schema).type).type === 'union' ? contentsOf(schema) : [schema];
}
