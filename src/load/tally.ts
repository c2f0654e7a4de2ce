import type { CallFacts, LegFacts } from './call-record.js';
import type { WindowGeometry } from './geometry.js';

/** What was counted of calls and their windows. */
export interface Tally {
  readonly calls: { readonly completed: number; readonly refused: number; readonly interrupted: number };
  readonly windows: {
    /** Windows of which all samples were sent. */
    readonly expected: number;
    /** The one short window of a call that was over at once is among them, and was not expected. */
    readonly points: number;
    /** Windows that came neither as a point nor in a hole. */
    readonly lost: number;
    readonly twice: number;
    /** Windows in holes, by why. */
    readonly leftOut: Readonly<Record<string, number>>;
  };
  /** Calls with windows that were lost, left out or came twice; the worst. */
  readonly troubled: readonly TroubledCall[];
}

export interface TroubledCall {
  readonly callId: string;
  readonly lost: number;
  readonly leftOut: number;
  readonly twice: number;
  /** The first window that was lost; −1 where none was. */
  readonly firstLost: number;
}

const MAX_TROUBLED = 20;

export const EMPTY_TALLY: Tally = {
  calls: { completed: 0, refused: 0, interrupted: 0 },
  windows: { expected: 0, points: 0, lost: 0, twice: 0, leftOut: {} },
  troubled: [],
};

/** Adds one call that has ended. */
export function addCall(tally: Tally, call: CallFacts, geometry: Pick<WindowGeometry, 'windowsIn'>): Tally {
  const end = call.end ?? 'interrupted';
  const legs = [...call.legs.values()].map((leg) => legTally(leg, expectedOf(call, leg, geometry)));
  const sum = (part: 'expected' | 'points' | 'lost' | 'twice'): number =>
    legs.reduce((total, leg) => total + leg[part], 0);
  const leftOut = legs.map((leg) => leg.leftOut).reduce(addCounts, {});
  const { windows } = tally;
  const trouble = {
    callId: call.callId,
    lost: sum('lost'),
    leftOut: totalOf(leftOut),
    twice: sum('twice'),
    firstLost: legs.find(({ lost }) => lost > 0)?.firstLost ?? -1,
  };
  return {
    calls: { ...tally.calls, [end]: tally.calls[end] + 1 },
    windows: {
      expected: windows.expected + sum('expected'),
      points: windows.points + sum('points'),
      lost: windows.lost + sum('lost'),
      twice: windows.twice + sum('twice'),
      leftOut: addCounts(windows.leftOut, leftOut),
    },
    troubled: severityOf(trouble) > 0 ? worst([...tally.troubled, trouble]) : tally.troubled,
  };
}

/** Whether everything that is to come of a call has come; of a call that was cut off nobody knows. */
export function isAccountedFor(call: CallFacts, geometry: Pick<WindowGeometry, 'windowsIn'>): boolean {
  if (call.end === 'refused') return true;
  if (call.end !== 'completed' || geometry.windowsIn(call.sentMs) === undefined) return false;
  return [...call.legs.values()].every((leg) => leg.next >= expectedOf(call, leg, geometry));
}

/** The gateway has not heard all that was sent of a call that was cut off: up to its last result all must be there. */
function expectedOf(call: CallFacts, leg: LegFacts, geometry: Pick<WindowGeometry, 'windowsIn'>): number {
  const last = Math.max(leg.next, ...[...leg.ahead].map((index) => index + 1));
  if (call.end !== 'completed') return last;
  return geometry.windowsIn(call.sentMs) ?? last;
}

function legTally(leg: LegFacts, expected: number) {
  const { next, ahead, points, twice, leftOut } = leg;
  const came = next >= expected ? expected : next + [...ahead].filter((index) => index < expected).length;
  return { expected, points, twice, leftOut, lost: expected - came, firstLost: next };
}

function worst(calls: readonly TroubledCall[]): readonly TroubledCall[] {
  return calls.toSorted((one, other) => severityOf(other) - severityOf(one)).slice(0, MAX_TROUBLED);
}

const severityOf = ({ lost, leftOut, twice }: TroubledCall): number => lost + leftOut + twice;

export function addCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sums = { ...one };
  for (const [name, count] of Object.entries(other)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
