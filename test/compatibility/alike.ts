/** Between kinds of processor the last of the stated decimals may differ. */
const TOLERANCE = 2e-4;

/** JSON values that are the same but for the last decimals of numbers. */
export function alike(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => name in b && alike(a[name], b[name]))
  );
}

/**
 * Fields that `present` lacks or has in another type, of those that `earlier` has, one line each. Of a list the first
 * entry stands for all; null stands for anything.
 */
export function lacking(earlier: unknown, present: unknown, place = 'state'): readonly string[] {
  if (earlier === null || present === null) return [];
  if (typeof earlier !== typeof present || Array.isArray(earlier) !== Array.isArray(present))
    return [`${place} has another type`];
  if (!isObject(earlier) || !isObject(present)) return [];
  if (Array.isArray(earlier) && (earlier.length === 0 || present.length === 0)) return [];
  const names = isTupleOrObject(earlier) ? Object.keys(earlier) : ['0'];
  return names.flatMap((name) =>
    name in present ? lacking(earlier[name], present[name], `${place}.${name}`) : [`${place} has no ${name}`],
  );
}

/** Lists of unlike things are tuples: every place has a meaning of its own. */
function isTupleOrObject(value: object): boolean {
  return !Array.isArray(value) || new Set(value.map((entry) => typeof entry)).size > 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
