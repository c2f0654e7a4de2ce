const BLOCKS = 16;
/** What lies below is as good as silence: dither and rounding change it. */
const FLOOR_DBFS = -70;
/** Twice what dither changes in a block just above the floor; two takes of a sentence differ by several dB. */
const TOLERANCE_DB = 0.1;
/** Fewer values above the floor than this could be the same by chance. */
const TELLING_VALUES = 4;
const TOLERANCE_MS = 1;

/**
 * The course of a recording in 32 numbers, dBFS with two decimals and not below −70: the level of each sixteenth, and the
 * level of its first difference, which tells a high voice from a low one. Copies in another format or with another dither
 * have nearly the same numbers, though not one sample.
 * @param samples mono
 */
export function envelopeOf(samples: Float32Array): number[] {
  const edges = Array.from({ length: BLOCKS + 1 }, (_, i) => Math.round((i * samples.length) / BLOCKS));
  const levels = (of: (i: number) => number) =>
    edges.slice(1).map((to, block) => levelDbfs(edges[block]!, to, of));
  return [...levels((i) => samples[i]!), ...levels((i) => samples[i]! - (samples[i - 1] ?? 0))];
}

function levelDbfs(from: number, to: number, of: (i: number) => number): number {
  let power = 0;
  for (let i = from; i < to; i++) power += of(i) ** 2;
  const level = 10 * Math.log10(power / Math.max(1, to - from));
  return Math.round(Math.max(FLOOR_DBFS, level) * 100) / 100;
}

/** What tells whether two recordings are copies of one. */
export interface Course {
  readonly durationMs: number;
  readonly envelope: readonly number[];
}

/**
 * Groups of two and more items that are copies of one recording, in the order of the items.
 * @param courseOf what was measured of an item
 */
export function copiesAmong<T>(items: readonly T[], courseOf: (item: T) => Course): T[][] {
  const telling = items.filter((item) => isTelling(courseOf(item)));
  const byLength = [...telling].sort((a, b) => courseOf(a).durationMs - courseOf(b).durationMs);
  const grouped = new Set<T>();
  const groups = byLength.map((item, i) => {
    if (grouped.has(item)) return [];
    const twins = twinsAfter(byLength, i, courseOf);
    for (const twin of twins) grouped.add(twin);
    return twins;
  });
  const order = new Map(items.map((item, i) => [item, i]));
  return groups
    .filter(({ length }) => length > 1)
    .map((group) => group.sort((a, b) => order.get(a)! - order.get(b)!));
}

/** The item at `at`, and its copies among those that follow. */
function twinsAfter<T>(byLength: readonly T[], at: number, courseOf: (item: T) => Course): T[] {
  const first = courseOf(byLength[at]!);
  const twins = [byLength[at]!];
  for (let i = at + 1; i < byLength.length; i++) {
    const other = courseOf(byLength[i]!);
    if (other.durationMs - first.durationMs > TOLERANCE_MS) break;
    if (areAlike(first, other)) twins.push(byLength[i]!);
  }
  return twins;
}

const isTelling = ({ envelope }: Course): boolean =>
  envelope.filter((level) => level > FLOOR_DBFS).length >= TELLING_VALUES;

const areAlike = (a: Course, b: Course): boolean =>
  a.envelope.every((level, i) => Math.abs(level - b.envelope[i]!) <= TOLERANCE_DB);
