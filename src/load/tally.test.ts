import { expect, test } from 'vitest';
import { CallRecord } from './call-record.js';
import { figuresOf } from './delays.js';
import { WindowGeometry } from './geometry.js';
import type { WindowResult } from './results/result-event.js';
import { addCall, EMPTY_TALLY, isAccountedFor } from './tally.js';
import { verdictOf } from './verdict.js';

const HOP_MS = 512;
const WINDOW_MS = 2064;
const LIMITS = { maxP99Ms: 500, maxLost: 0, maxFailedFeeds: 0 };
/** Audio that holds ten windows, the last of them just so. */
const TEN_WINDOWS_MS = WINDOW_MS + 9 * HOP_MS + 2;

const windows = (from: number, to = from, hole: string | null = null): WindowResult => ({
  callId: 'CA1',
  leg: 'customer',
  from,
  to,
  startMs: from * HOP_MS,
  endMs: to * HOP_MS + WINDOW_MS,
  hole,
  partial: false,
});

const GEOMETRY = new WindowGeometry();
GEOMETRY.learn(windows(3));

function callWith(...results: readonly WindowResult[]): CallRecord {
  const call = new CallRecord('CA1', ['customer']);
  for (let ms = 20; ms <= TEN_WINDOWS_MS; ms += 20) call.sent(ms, 1000 + ms);
  call.sent(TEN_WINDOWS_MS, 1000 + TEN_WINDOWS_MS);
  for (const result of results) call.take(result);
  call.ended('completed', 9000);
  return call;
}

const all = Array.from({ length: 10 }, (_, index) => windows(index));

function judged(call: CallRecord) {
  const tally = addCall(EMPTY_TALLY, call, GEOMETRY);
  const delays = figuresOf([100, 120]);
  const verdict = verdictOf({ calls: 1, carriedCalls: 1, tally, delays, interruptions: 0 }, LIMITS);
  return { tally, verdict };
}

test('a call of which every window came once passes', () => {
  const { tally, verdict } = judged(callWith(...all));
  expect(tally.windows).toEqual({ expected: 10, points: 10, lost: 0, twice: 0, leftOut: {} });
  expect(verdict).toEqual({ passed: true, reasons: [] });
});

test.each([
  ['in the middle', all.toSpliced(4, 1), 4],
  ['at the end', all.slice(0, -1), 9],
  ['at the beginning', all.slice(1), 0],
])('one window that is missing %s fails, and is named', (_, results, firstLost) => {
  const { tally, verdict } = judged(callWith(...results));
  expect(tally.windows).toMatchObject({ expected: 10, lost: 1 });
  expect(tally.troubled).toEqual([{ callId: 'CA1', lost: 1, leftOut: 0, twice: 0, firstLost }]);
  expect(verdict.reasons).toEqual(['1 windows lost, 0 left out']);
});

test('a window that came twice fails', () => {
  const { tally, verdict } = judged(callWith(...all, windows(2)));
  expect(tally.windows).toMatchObject({ points: 10, lost: 0, twice: 1 });
  expect(verdict.reasons).toEqual(['1 windows came twice']);
});

test('windows in a hole are not lost, but left out, and fail too', () => {
  const { tally, verdict } = judged(callWith(...all.toSpliced(3, 2), windows(3, 4, 'overload')));
  expect(tally.windows).toMatchObject({ points: 8, lost: 0, leftOut: { overload: 2 } });
  expect(verdict.reasons).toEqual(['0 windows lost, 2 left out (overload)']);
});

test('of a call that was cut off only what stands between its results is missed', () => {
  const call = callWith(windows(0), windows(2));
  call.ended('interrupted', 9000);
  const { tally, verdict } = judged(call);
  expect(tally).toMatchObject({ calls: { interrupted: 1 }, windows: { expected: 3, lost: 1 } });
  expect(verdict.reasons).toContain('0 feeds refused, 1 cut off');
});

test('a call is waited for until its last window has come', () => {
  expect(isAccountedFor(callWith(...all.slice(0, -1)), GEOMETRY)).toBe(false);
  expect(isAccountedFor(callWith(...all), GEOMETRY)).toBe(true);
  expect(isAccountedFor(callWith(), new WindowGeometry())).toBe(false);
});

test("a point's delay counts from the piece that held its last sample", () => {
  const call = callWith();
  expect(call.take(windows(0))).toBe(1000 + 2080);
  expect(call.take(windows(0))).toBeUndefined();
  expect(call.take(windows(1, 1, 'gap'))).toBeUndefined();
});

test('what is no fault of windows fails too: late, unseen, unheard, out of sight', () => {
  const tally = addCall(EMPTY_TALLY, callWith(...all), GEOMETRY);
  const observed = { calls: 10, carriedCalls: 10, tally, delays: figuresOf([100]), interruptions: 0 };
  const reasonsOf = (change: Partial<typeof observed>) =>
    verdictOf({ ...observed, ...change }, LIMITS).reasons.join();
  expect(reasonsOf({})).toBe('');
  expect(reasonsOf({ delays: figuresOf([501]) })).toContain('p99 of the delay is 501 ms');
  expect(reasonsOf({ delays: figuresOf([]) })).toContain('no window came back');
  expect(reasonsOf({ carriedCalls: 6 })).toContain('only 6 of 10 calls were under way');
  expect(reasonsOf({ interruptions: 1 })).toContain('the stream of results broke');
});
