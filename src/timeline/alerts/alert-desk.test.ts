import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivitySnapshot } from '../call-activity.js';
import type { TimelineEntry } from '../leg-timeline.js';
import { AlertDesk, type AlertEntry } from './alert-desk.js';
import type { AlertRule } from './rule.js';

const base = { severity: 'warning', cooldownMs: 0, tenants: [], queues: [] } as const;
const anger: AlertRule = {
  ...base,
  kind: 'sustained-emotion',
  name: 'anger',
  labels: ['angry'],
  minProbability: 0.6,
  forMs: 4000,
};
const drop: AlertRule = { ...base, kind: 'valence-drop', name: 'drop', drop: 0.6, overMs: 5000 };
const silence: AlertRule = { ...base, kind: 'long-silence', name: 'silence', silentMs: 1000 };
const call = { callId: 'c1', tenant: 't1', queue: 'billing' };

const entry = (windowIndex: number, angry: number | null, valence = 0): TimelineEntry => ({
  windowIndex,
  startMs: windowIndex * 512,
  endMs: windowIndex * 512 + 2064,
  status: angry === null ? 'silent' : 'classified',
  label: angry === null ? null : 'angry',
  confidence: angry,
  probabilities: angry === null ? null : { angry },
  valence: angry === null ? null : valence,
  arousal: 0,
  loudnessDbfs: -30,
  voicedShare: 1,
});

const activity = (mediaMs: number, silenceRunMs: number): ActivitySnapshot => ({
  mediaMs,
  silenceMs: 0,
  overlapMs: 0,
  interruptions: 0,
  silenceRunMs,
  overlapRunMs: 0,
  voicedMs: new Map(),
});

function run(rule: AlertRule, angryByWindow: (number | null)[]): AlertEntry[] {
  const desk = new AlertDesk(call, [rule]);
  const alerts = angryByWindow.flatMap((angry, i) => desk.onEntry('customer', entry(i, angry)));
  return [...alerts, ...desk.onCallEnd(99_000)];
}

describe('AlertDesk', () => {
  it('raises sustained anger once it has lasted, with its evidence, and ends it with its cause', () => {
    const [raised, ended, ...rest] = run(anger, [0.1, 0.7, 0.8, 0.9, 0.9, 0.9, 0.55, 0.3]);
    expect(raised).toMatchObject({
      alertId: 'c1/anger/customer/1',
      state: 'raised',
      mediaMs: 5 * 512 + 2064,
      reason: 'The customer has sounded angry for 4.1 s.',
      evidence: { leg: 'customer', fromWindowIndex: 1, toWindowIndex: 5, value: 0.9, threshold: 0.6 },
    });
    expect(ended).toMatchObject({ alertId: 'c1/anger/customer/1', state: 'ended', mediaMs: 7 * 512 + 2064 });
    expect(rest).toEqual([]);
  });

  it('is not fooled by bursts, nor broken by silence between angry windows', () => {
    expect(run(anger, [0.9, 0.9, 0.1, 0.9, 0.9, 0.1])).toEqual([]);
    expect(run(anger, [0.9, 0.9, null, null, 0.9, 0.9])).toMatchObject([
      { state: 'raised' },
      { state: 'ended' },
    ]);
  });

  it('does not take the time between two angry windows for anger', () => {
    const desk = new AlertDesk(call, [anger]);
    const later = 600_000 / 512;
    const alerts = [0, Math.floor(later)].flatMap((i) => desk.onEntry('customer', entry(i, 0.9)));
    expect(alerts).toEqual([]);
  });

  it('says in an alert that ended what it had been about', () => {
    const [raised, ended] = run(anger, [0.9, 0.9, 0.9, 0.9, 0.9, 0.1]);
    expect(ended!.reason).toBe(`Over: ${raised!.reason}`);
  });

  it('stays quiet during the cool-down', () => {
    const angry = [...Array(6).fill(0.9), 0.1, ...Array(6).fill(0.9), 0.1];
    expect(run(anger, angry).filter((a) => a.state === 'raised')).toHaveLength(2);
    expect(run({ ...anger, cooldownMs: 60_000 }, angry).filter((a) => a.state === 'raised')).toHaveLength(1);
  });

  it('raises a fall of valence and ends it when half is won back', () => {
    const desk = new AlertDesk(call, [drop]);
    const valences = [0.3, 0.3, 0, -0.4, -0.5, -0.1, 0.1];
    const alerts = valences.flatMap((v, i) => desk.onEntry('customer', entry(i, 0.2, v)));
    expect(alerts.map((a) => [a.state, a.evidence.toWindowIndex])).toEqual([
      ['raised', 3],
      ['ended', 6],
    ]);
    expect(alerts[0]!.evidence).toMatchObject({ value: 0.7, threshold: 0.6 });
  });

  it('measures a fall from the highest valence within the time of its rule', () => {
    const quick: AlertRule = { ...drop, drop: 0.001 };
    const valences = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(valences, (tenths) => {
        const desk = new AlertDesk(call, [quick]);
        const entries = tenths.map((tenth, i) => entry(i, 0.2, tenth / 10));
        const raisedAt = entries.findIndex((e) => desk.onEntry('customer', e).length > 0);
        // Ten windows of 512 ms lie within 5000 ms, the newest included.
        const fell = (i: number) => Math.max(...tenths.slice(Math.max(0, i - 9), i + 1)) > tenths[i]!;
        expect(raisedAt).toBe(tenths.findIndex((_, i) => fell(i)));
      }),
    );
  });

  it('raises a long silence of the whole call and ends it with the first word', () => {
    const desk = new AlertDesk(call, [silence]);
    const alerts = [0, 512, 1024, 1536, 0].flatMap((run, i) => desk.onActivity(activity(i * 512, run)));
    expect(alerts.map((a) => [a.state, a.alertId])).toEqual([
      ['raised', 'c1/silence/1'],
      ['ended', 'c1/silence/1'],
    ]);
  });

  it('applies a rule only to the tenants and queues that it names', () => {
    const angry = Array(8).fill(0.9);
    expect(run({ ...anger, tenants: ['t2'] }, angry)).toEqual([]);
    expect(run({ ...anger, queues: ['sales'] }, angry)).toEqual([]);
    expect(run({ ...anger, tenants: ['t1'], queues: ['billing'] }, angry)).toHaveLength(2);
  });

  it('always ends what it raised, exactly once and in turn', () => {
    const probability = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 60 }), (windows) => {
        const states = run({ ...anger, forMs: 1000, cooldownMs: 2000 }, windows).map((a) => a.state);
        expect(states).toEqual(states.map((_, i) => (i % 2 === 0 ? 'raised' : 'ended')));
        expect(states.length % 2).toBe(0);
      }),
    );
  });
});
