import { isDeepStrictEqual } from 'node:util';

/** A JSON Schema, as far as the published ones go. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
}

/**
 * Why a value that fits the schema `written` might not be understood by who reads by the schema `read`, one line a
 * reason; none where all are. Fields that a reader does not know are no reason: it passes over them.
 */
export function refusals(written: Schema, read: Schema, place = 'value'): readonly string[] {
  if (written.anyOf) return written.anyOf.flatMap((one) => refusals(one, read, place));
  if (read.anyOf) return noneTakes(written, read.anyOf, place);
  return CHECKS.flatMap((check) => check(written, read, place));
}

function noneTakes(written: Schema, alternatives: readonly Schema[], place: string): readonly string[] {
  const reasons = alternatives.map((one) => refusals(written, one, place));
  if (reasons.some((of) => of.length === 0)) return [];
  // The alternative that comes closest says best what is wrong.
  return reasons.reduce((best, of) => (of.length < best.length ? of : best));
}

type Check = (written: Schema, read: Schema, place: string) => readonly string[];

const types: Check = (written, read, place) => {
  if (read.type === undefined) return [];
  const taken = [read.type].flat();
  const given: readonly string[] = [written.type ?? 'anything'].flat();
  const isTaken = (type: string) => taken.includes(type) || (type === 'integer' && taken.includes('number'));
  return given.filter((type) => !isTaken(type)).map((type) => `${place} may be ${type}`);
};

const values: Check = (written, read, place) => {
  const [given, taken] = [valuesOf(written), valuesOf(read)];
  if (taken === null) return [];
  if (given === null) return [`${place} may have other values than ${taken.join(', ')}`];
  return given.filter((value) => !taken.includes(value)).map((value) => `${place} may be ${value}`);
};

function valuesOf(schema: Schema): readonly unknown[] | null {
  return schema.enum ?? ('const' in schema ? [schema.const] : null);
}

/** Keywords that bound a value, and on which side. */
const BOUNDS = {
  minimum: 1,
  minLength: 1,
  minItems: 1,
  maximum: -1,
  maxLength: -1,
  maxItems: -1,
} as const;

const bounds: Check = (written, read, place) =>
  Object.entries(BOUNDS).flatMap(([keyword, side]) => {
    const limit = read[keyword] as number | undefined;
    if (limit === undefined || valuesOf(written) !== null) return [];
    const given = written[keyword] as number | undefined;
    return given !== undefined && given * side >= limit * side
      ? []
      : [`${place} may go beyond ${keyword} ${limit}`];
  });

/** Keywords of which it can't be told which of two allows more. */
const FORMS = ['pattern', 'format'];

const forms: Check = (written, read, place) =>
  FORMS.filter((keyword) => read[keyword] !== undefined && written[keyword] !== read[keyword]).map(
    (keyword) => `${place} may have another ${keyword} than ${read[keyword]}`,
  );

const required: Check = (written, read, place) => {
  const given = written.required ?? [];
  return (read.required ?? [])
    .filter((name) => !given.includes(name))
    .map((name) => `${place}.${name} may be missing`);
};

const fields: Check = (written, read, place) =>
  Object.entries(written.properties ?? {}).flatMap(([name, field]) => {
    const known = read.properties?.[name] ?? otherFieldsOf(read);
    return known === undefined ? [] : refusals(field, known, `${place}.${name}`);
  });

const otherFields: Check = (written, read, place) => {
  const taken = otherFieldsOf(read);
  if (taken === undefined || written.additionalProperties === false) return [];
  return refusals(otherFieldsOf(written) ?? {}, taken, `${place}.*`);
};

function otherFieldsOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

const nested: Check = (written, read, place) => [
  ...(read.items ? refusals(written.items ?? {}, read.items, `${place}[]`) : []),
  ...(read.propertyNames
    ? refusals(written.propertyNames ?? {}, read.propertyNames, `names in ${place}`)
    : []),
];

const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'propertyNames', 'items'],
  ...Object.keys(BOUNDS),
  ...FORMS,
]);
/** Words for people. */
const REMARKS: ReadonlySet<string> = new Set(['title', 'description', '$schema']);

/** What these checks know nothing of must stay as it was. */
const unknown: Check = (written, read, place) =>
  [...new Set([...Object.keys(written), ...Object.keys(read)])]
    .filter((keyword) => !UNDERSTOOD.has(keyword) && !REMARKS.has(keyword) && keyword !== 'anyOf')
    .filter((keyword) => !isDeepStrictEqual(written[keyword], read[keyword]))
    .map((keyword) => `${place} has another ${keyword}, of which nothing is known here`);

const CHECKS: readonly Check[] = [
  types,
  values,
  bounds,
  forms,
  required,
  fields,
  otherFields,
  nested,
  unknown,
];

/**
 * What keeps two versions of a schema from running beside each other, in either direction: who reads by the earlier one
 * must understand what is written now, and who reads by the present one what still lies in the log.
 */
export function breakingChanges(earlier: Schema, present: Schema): readonly string[] {
  return [
    ...refusals(present, earlier).map((reason) => `an earlier reader: ${reason}`),
    ...refusals(earlier, present).map((reason) => `a present reader: ${reason}`),
  ];
}
