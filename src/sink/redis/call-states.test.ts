import { describe, expect, test } from 'vitest';
import { ScriptedCall } from '../../../test/browser/support/scripted-call.js';
import { type CallStateDocument, callStateSchema } from './call-state.js';
import { CallStates, type StateWrite } from './call-states.js';
import { Publication, type Told } from './publication.js';

const LIVE_MS = 1000;
const ENDED_MS = 100;

function script(callId: string): ScriptedCall {
  return new ScriptedCall({ callId, startedAtMs: 0, scenes: [{ windows: 99, mood: 'angry' }] });
}

function begin(maxCalls = 10) {
  const states = new CallStates({ maxCalls, liveTtlMs: LIVE_MS, endedTtlMs: ENDED_MS });
  const tell = (told: Told, atMs = 0): boolean => states.tell(new Publication(told, atMs));
  const point = (callId: string, index = 0, atMs = 0): boolean =>
    tell({ kind: 'point', value: script(callId).event(index) as never }, atMs);
  const summary = (callId: string, state: 'live' | 'ended', atMs = 0): boolean =>
    tell({ kind: 'summary', value: script(callId).summary(1, state) }, atMs);
  const take = (nowMs = 0): string[] =>
    states.takePending(100, nowMs).map(({ callId, reason, ttlMs }) => `${callId} ${reason} ${ttlMs}`);
  return { states, tell, point, summary, take };
}

const documentOf = (write: StateWrite | undefined): CallStateDocument =>
  callStateSchema.parse(JSON.parse(write!.text));

describe('what is written', () => {
  test('is the newest of each leg and each alert, by its schema', () => {
    const { states, tell, point, summary } = begin();
    point('a', 0);
    point('a', 1);
    summary('a', 'live');
    const words = { rule: 'r', severity: 'info', reason: 'because' } as const;
    for (const n of [1, 2])
      tell({ kind: 'alert', value: script('a').alert(n, 9, { ...words, state: 'raised' }) });
    tell({ kind: 'alert', value: script('a').alert(1, 9, { ...words, state: 'ended' }) });
    const document = documentOf(states.takePending(1, 0)[0]);
    expect(document).toMatchObject({ callId: 'a', tenant: 'acme', state: 'live' });
    expect(document.points.customer!.windowIndex).toBe(1);
    expect(document.alerts.map(({ alertId, state }) => `${alertId} ${state}`)).toEqual([
      'a/r/2 raised',
      'a/r/1 ended',
    ]);
  });

  test('holds the newest twenty alerts', () => {
    const { states, tell } = begin();
    const words = { rule: 'r', severity: 'info', reason: 'because', state: 'raised' } as const;
    for (let n = 0; n < 25; n++) tell({ kind: 'alert', value: script('a').alert(n, 9, words) });
    expect(documentOf(states.takePending(1, 0)[0]).alerts.map(({ alertId }) => alertId)[0]).toBe('a/r/5');
  });

  test('is written once for all that was told, and expires as long after the newest of it', () => {
    const { point, summary, take } = begin();
    point('a', 0, 10);
    point('a', 1, 20);
    summary('b', 'ended', 30);
    expect(take(40)).toEqual(['a changed 980', 'b changed 90']);
    expect(take(40)).toEqual([]);
  });

  test('is nothing where only holes were told', () => {
    const { tell, take } = begin();
    const hole = { callId: 'a', tenant: 'acme' } as never;
    tell({ kind: 'hole', value: hole });
    expect(take()).toEqual([]);
  });
});

describe('after an outage', () => {
  test('news is published, what was written is restored where it is missing, an end is the last word', () => {
    const { states, point, summary, take } = begin();
    point('written');
    summary('ended', 'ended');
    take();
    point('news');
    states.restoreAll();
    expect(take(10)).toEqual(['news missed 990', 'ended changed 90', 'written restore 990']);
  });

  test('what was refused is tried again, unless the call was forgotten', () => {
    const { states, point, take } = begin();
    point('a');
    point('b');
    for (const write of states.takePending(9, 0)) states.defer(write);
    expect(take()).toEqual([]);
    states.forget('b');
    states.resume();
    expect(take()).toEqual(['a changed 1000']);
  });

  test('what has expired meanwhile is forgotten', () => {
    const { states, point, take } = begin();
    point('a');
    expect(take(LIVE_MS)).toEqual([]);
    expect(states.size).toBe(0);
  });
});

describe('the bound', () => {
  test('lets go of ended calls before live ones, and says so', () => {
    const { states, point, summary } = begin(2);
    expect([point('a'), summary('b', 'ended'), point('c'), point('d')]).toEqual([false, false, true, true]);
    states.restoreAll();
    expect(states.takePending(9, 0).map(({ callId }) => callId)).toEqual(['c', 'd']);
  });

  test('a call that begins anew under the id of an ended one has nothing of it', () => {
    const { states, point, summary } = begin();
    summary('a', 'ended');
    point('a', 3);
    expect(documentOf(states.takePending(1, 0)[0])).toMatchObject({ state: 'live', summary: null });
    expect(states.size).toBe(1);
  });
});
