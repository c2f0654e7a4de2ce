import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScriptedCall } from '../../test/browser/support/scripted-call.js';
import { DEFAULT_CONSOLE_LIMITS } from './limits.js';
import { LiveState } from './live-state.js';

const START = Date.parse('2026-03-01T10:00:00Z');

function call(callId: string, windows = 40): ScriptedCall {
  return new ScriptedCall({ callId, startedAtMs: START, scenes: [{ windows, mood: 'neutral' }] });
}

function state(limits: Partial<typeof DEFAULT_CONSOLE_LIMITS> = {}): LiveState {
  return new LiveState({ ...DEFAULT_CONSOLE_LIMITS, ...limits });
}

function say(live: LiveState, script: ScriptedCall, windows: number, ended = false): void {
  for (let i = 0; i < windows; i++)
    live.apply({ kind: 'point', value: script.event(i) as never }, START + 60_000);
  const summary = script.summary(windows, ended ? 'ended' : 'live');
  live.apply({ kind: 'summary', value: summary }, START + 60_000);
}

const idsOf = (live: LiveState): string[] => live.calls().map(({ callId }) => callId);
const windowsOf = (live: LiveState, callId: string): number[] =>
  live
    .call(callId)!
    .tracks.get('customer')!
    .points.map((point) => point.windowIndex);

test('a call is known from its first point on, with or without a summary', () => {
  const live = state();
  live.apply({ kind: 'point', value: call('a').event(0) as never }, START);
  expect(live.call('a')).toMatchObject({ tenant: 'acme', summary: undefined });
});

test('points delivered twice or in disorder make the same timeline', () => {
  const script = call('a');
  fc.assert(
    fc.property(fc.array(fc.nat(39), { minLength: 1 }), (indices) => {
      const live = state();
      for (const i of indices) live.apply({ kind: 'point', value: script.event(i) as never }, START);
      expect(windowsOf(live, 'a')).toEqual([...new Set(indices)].sort((x, y) => x - y));
    }),
  );
});

test('a leg keeps its newest points', () => {
  const live = state({ maxPointsPerLeg: 5 });
  say(live, call('a'), 20);
  expect(windowsOf(live, 'a')).toEqual([15, 16, 17, 18, 19]);
});

test('holes are kept beside the points', () => {
  const script = new ScriptedCall({ callId: 'a', startedAtMs: START, scenes: [{ windows: 4, mood: 'gap' }] });
  const live = state();
  live.apply({ kind: 'hole', value: script.event(3) as never }, START);
  expect(live.call('a')!.tracks.get('customer')!.holes).toMatchObject([
    { fromWindowIndex: 0, toWindowIndex: 3 },
  ]);
});

test('live calls come before ended ones, the newest first', () => {
  const live = state();
  say(live, call('a'), 3);
  say(live, call('b'), 3, true);
  say(live, call('c'), 3);
  expect(idsOf(live)).toEqual(['c', 'a', 'b']);
});

test('past the bound the call that ended first goes, and no live one', () => {
  const live = state({ maxCalls: 3 });
  say(live, call('ended-long-ago'), 3, true);
  say(live, call('ended-later'), 20, true);
  say(live, call('live-1'), 3);
  say(live, call('live-2'), 3);
  expect(idsOf(live)).toEqual(['live-2', 'live-1', 'ended-later']);
});

test('ended calls have a bound of their own', () => {
  const live = state({ maxEndedCalls: 2 });
  for (const [n, id] of ['a', 'b', 'c'].entries()) say(live, call(id), 3 + n, true);
  expect(idsOf(live)).toEqual(['c', 'b']);
});

test('no bound is exceeded whatever happens', () => {
  const limits = { maxCalls: 4, maxEndedCalls: 2, maxPointsPerLeg: 3, maxAlerts: 3, maxErasedCalls: 2 };
  const act = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    what: fc.constantFrom('point', 'live', 'ended', 'erased', 'alert'),
    index: fc.nat(39),
  });
  fc.assert(
    fc.property(fc.array(act), (acts) => {
      const live = state(limits);
      for (const { id, what, index } of acts) live.apply(eventFor(id, what, index), START + 60_000);
      const calls = live.calls();
      expect(calls.length).toBeLessThanOrEqual(4);
      expect(calls.filter((c) => c.summary?.state === 'ended').length).toBeLessThanOrEqual(2);
      for (const c of calls) expect(c.tracks.get('customer')?.points.length ?? 0).toBeLessThanOrEqual(3);
      expect(live.alerts().length).toBeLessThanOrEqual(3);
    }),
  );
});

test('a call leaves some time after its end, a silent one too, and one that goes on stays', () => {
  const live = state({ keepEndedMs: 60_000, keepQuietMs: 300_000 });
  say(live, call('ended'), 3, true);
  say(live, call('quiet'), 3);
  live.sweep(START + 64_000);
  expect(idsOf(live)).toEqual(['quiet']);
  live.sweep(START + 359_000);
  expect(idsOf(live)).toEqual(['quiet']);
  live.sweep(START + 361_000);
  expect(idsOf(live)).toEqual([]);
});

test('points of a call of yesterday do not make it live', () => {
  const live = state();
  live.apply({ kind: 'point', value: call('yesterday').event(0) as never }, START + 24 * 3_600_000);
  live.sweep(START + 24 * 3_600_000);
  expect(idsOf(live)).toEqual([]);
});

test('nothing of an erased call is held or taken up again, until a call begins under its id anew', () => {
  const live = state();
  const script = call('a');
  say(live, script, 3);
  live.apply({ kind: 'alert', value: alertOf(script, 'raised') }, START);
  live.apply({ kind: 'erased', value: { callId: 'a' } }, START);
  live.apply({ kind: 'point', value: script.event(4) as never }, START);
  live.apply({ kind: 'alert', value: alertOf(script, 'ended') }, START);
  expect([idsOf(live), live.alerts()]).toEqual([[], []]);
  say(live, script, 1);
  expect(idsOf(live)).toEqual(['a']);
});

test('an alert keeps how it began when it ends', () => {
  const live = state();
  live.apply({ kind: 'alert', value: alertOf(call('a'), 'raised') }, START);
  live.apply({ kind: 'alert', value: alertOf(call('b'), 'raised') }, START);
  live.apply({ kind: 'alert', value: alertOf(call('a'), 'ended') }, START);
  const stories = live.alerts().map(({ raised, ended }) => [raised?.callId, ended?.callId]);
  expect(stories).toEqual([
    ['b', undefined],
    ['a', 'a'],
  ]);
});

test('an alert that is raised again is not over, and is the newest', () => {
  const live = state();
  for (const id of ['a', 'b']) {
    live.apply({ kind: 'alert', value: alertOf(call(id), 'raised') }, START);
    live.apply({ kind: 'alert', value: alertOf(call(id), 'ended') }, START);
  }
  const later = new Date(START + 3_600_000).toISOString();
  live.apply({ kind: 'alert', value: { ...alertOf(call('a'), 'raised'), emittedAt: later } }, START);
  const stories = live.alerts().map(({ raised, ended }) => [raised?.callId, ended?.callId]);
  expect(stories).toEqual([
    ['a', undefined],
    ['b', 'b'],
  ]);
});

test('a call that begins again under its old id shows nothing of the old one', () => {
  const live = state();
  say(live, call('a'), 30, true);
  say(live, call('b'), 3);
  const startedAtMs = START + 50_000;
  const scenes = [{ windows: 40, mood: 'happy' }] as const;
  const again = new ScriptedCall({ callId: 'a', startedAtMs, scenes });
  live.apply({ kind: 'point', value: again.event(0) as never }, startedAtMs + 2048);
  live.apply({ kind: 'summary', value: again.summary(1) }, startedAtMs + 2100);
  expect(windowsOf(live, 'a')).toEqual([0]);
  expect(live.call('a')).toMatchObject({ summary: { state: 'live' }, touchedAtMs: startedAtMs + 2100 });
  expect(idsOf(live)).toEqual(['a', 'b']);
});

function alertOf(script: ScriptedCall, alertState: 'raised' | 'ended', n = 1) {
  return script.alert(n, 20, { rule: 'r', severity: 'info', state: alertState, reason: 'Because.' });
}

function eventFor(id: string, what: string, index: number): Parameters<LiveState['apply']>[0] {
  const script = call(id);
  if (what === 'point') return { kind: 'point', value: script.event(index) as never };
  if (what === 'erased') return { kind: 'erased', value: { callId: id } };
  if (what === 'alert') return { kind: 'alert', value: alertOf(script, 'raised', index) };
  return { kind: 'summary', value: script.summary(index, what as 'live' | 'ended') };
}
