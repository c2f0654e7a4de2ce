import type { CallPlan } from './call-plan.js';
import { expectedWindows } from './call-script.js';
import type { Result } from './results.js';

/** How the log of a disturbed run differs from what it should be. All lists empty: the promise was kept. */
export interface Comparison {
  readonly counts: Readonly<Record<string, { expected: number; seen: number }>>;
  /** Results that stand in the log more than once. */
  readonly duplicates: readonly Result[];
  readonly missing: readonly Result[];
  readonly surplus: readonly Result[];
  /** The same result, another content: as it should be, as it is. */
  readonly different: readonly (readonly [Result, Result])[];
  /** What is wrong with the windows, the erasures or the reference itself, in words. */
  readonly faults: readonly string[];
}

/**
 * Compares what the disturbed workers wrote with what one undisturbed worker wrote of the same audio, and both with
 * what the plans say.
 *
 * @param letters dead letters there must be
 */
export function compare(
  seen: readonly Result[],
  reference: readonly Result[],
  plans: readonly CallPlan[],
  letters: number,
): Comparison {
  const erased = new Set(plans.filter(({ end }) => end === 'erased').map(({ callId }) => callId));
  // What stood in the log before an erasure depends on how far the worker was.
  const counts = (result: Result): boolean =>
    result.kind !== 'live' && (result.kind === 'tombstone' || !erased.has(result.callId));
  const expected = byIdentity(reference.filter(counts));
  const found = byIdentity(seen.filter(counts));
  const pairs = [...expected].map(([identity, result]) => [result, found.get(identity)] as const);
  return {
    counts: countsOf(seen.filter(counts), reference.filter(counts)),
    duplicates: duplicatesIn(seen),
    missing: pairs.filter(([, other]) => other === undefined).map(([result]) => result),
    surplus: [...found].filter(([identity]) => !expected.has(identity)).map(([, result]) => result),
    different: pairs.flatMap(([result, other]) =>
      other === undefined || other.essence === result.essence ? [] : [[result, other] as const],
    ),
    faults: [
      ...duplicatesIn(reference).map(({ identity }) => `the reference holds ${identity} twice`),
      ...windowFaults('reference', reference, plans),
      ...windowFaults('disturbed run', seen, plans),
      ...erasureFaults(seen, erased),
      ...letterFaults(seen, letters),
    ],
  };
}

export function isKept({ duplicates, missing, surplus, different, faults }: Comparison): boolean {
  return [duplicates, missing, surplus, different, faults].every((list) => list.length === 0);
}

/** The number of a call's last summary is not the same in every run. */
function keyOf({ kind, identity }: Result): string {
  return kind === 'final' ? identity.replace(/\/summary\/\d+$/, '/summary') : identity;
}

function byIdentity(results: readonly Result[]): Map<string, Result> {
  return new Map(results.map((result) => [keyOf(result), result]));
}

function duplicatesIn(results: readonly Result[]): Result[] {
  const known = new Set<string>();
  return results.filter((result) => {
    const key = keyOf(result);
    const isKnown = known.has(key);
    known.add(key);
    return isKnown;
  });
}

function countsOf(seen: readonly Result[], reference: readonly Result[]): Comparison['counts'] {
  const kinds = [...new Set(reference.map(({ kind }) => kind))];
  const count = (results: readonly Result[], kind: string) => results.filter((r) => r.kind === kind).length;
  return Object.fromEntries(
    kinds.map((kind) => [kind, { expected: count(reference, kind), seen: count(seen, kind) }]),
  );
}

/** Points and holes of each call must cover each of its windows once. */
function windowFaults(name: string, results: readonly Result[], plans: readonly CallPlan[]): string[] {
  const heard = new Map<string, number[]>();
  for (const { kind, record } of results) {
    if (kind !== 'point' && kind !== 'hole') continue;
    const event = JSON.parse(record.value!.toString('utf8')) as Record<string, number>;
    const [from, to] =
      kind === 'point'
        ? [event.windowIndex!, event.windowIndex!]
        : [event.fromWindowIndex!, event.toWindowIndex!];
    const windows = heard.get(record.key!) ?? [];
    for (let index = from; index <= to; index++) windows.push(index);
    heard.set(record.key!, windows);
  }
  return [...new Set(plans.map(({ callId }) => callId))].flatMap((callId) => {
    const counts = plans.filter((plan) => plan.callId === callId).map(expectedWindows);
    if (counts.includes(null)) return [];
    const wanted = counts.flatMap((count) => Array.from({ length: count! }, (_, n) => n));
    const has = heard.get(callId) ?? [];
    const isSame = wanted.sort(ascending).join() === has.sort(ascending).join();
    return isSame ? [] : [`${name}: ${callId} has ${has.length} windows instead of ${wanted.length}`];
  });
}

const ascending = (a: number, b: number): number => a - b;

/** The last word on an erased call is its tombstone, in every topic that has one. */
function erasureFaults(results: readonly Result[], erased: ReadonlySet<string>): string[] {
  const last = new Map<string, Result>();
  for (const result of results) {
    if (erased.has(result.callId)) last.set(`${result.record.topic} ${result.callId}`, result);
  }
  return [...last]
    .filter(([, { kind }]) => kind !== 'tombstone' && kind !== 'dead letter')
    .map(([place, { kind }]) => `${place}: a ${kind} stands behind the tombstone`);
}

/** Chunks that the feeder wrote twice, because a broker's answer was lost, are letters too, but nobody can say how many. */
function letterFaults(results: readonly Result[], expected: number): string[] {
  const seen = results.filter(({ kind }) => kind === 'dead letter').length;
  return seen === expected ? [] : [`${seen} dead letters instead of ${expected}`];
}
