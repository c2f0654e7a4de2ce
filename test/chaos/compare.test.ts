import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../support/servers/kafka-admin.js';
import { type CallPlan, planCalls } from './call-plan.js';
import { expectedWindows, scriptOf } from './call-script.js';
import { type Comparison, compare, isKept } from './compare.js';
import { DEFAULTS } from './options.js';
import { type Result, type ResultKind, resultOf } from './results.js';
import { makeVoices } from './voice.js';

const VOICES = makeVoices('test');
const PLANS = planCalls({ ...DEFAULTS, seed: 'test' }, VOICES);
const plan: CallPlan = { ...PLANS[0]!, end: 'completed', passages: [{ kind: 'speech', ms: 3000 }] };
const erased: CallPlan = { ...plan, callId: 'erased', end: 'erased' };

const TYPES: Partial<Record<ResultKind, string>> = { point: 'point', final: 'call', live: 'call' };

function stored(
  topic: string,
  callId: string,
  kind: ResultKind,
  id: string,
  value: object | null,
): StoredRecord {
  const headers = { ce_id: id, ce_source: `/worker/${callId}`, ce_type: `undertone.${TYPES[kind]}.v1` };
  const bytes = value === null ? null : Buffer.from(JSON.stringify(value));
  return { topic, partition: 0, offset: 0, timestampMs: 0, key: callId, value: bytes, headers };
}

const point = (windowIndex: number, emittedAt = 'now', label = 'sad', callId = plan.callId): Result => {
  const value = { windowIndex, label, emittedAt };
  return resultOf(stored('g.emotions.v1', callId, 'point', `${callId}/${windowIndex}`, value), false);
};
const final = (n: number): Result =>
  resultOf(stored('g.calls.v1', plan.callId, 'final', `x/summary/${n}`, { state: 'ended' }), false);
const tombstone = resultOf(stored('g.emotions.v1', 'erased', 'tombstone', 'erased/erased', null), false);

const WINDOWS = expectedWindows(plan)!;
const points = Array.from({ length: WINDOWS }, (_, n) => point(n));
const reference = [...points, final(3), tombstone];
const against = (seen: readonly Result[], letters = 0): Comparison =>
  compare(seen, reference, [plan, erased], letters);

describe('the comparison with an undisturbed run', () => {
  it('does not mind the clock, how many summaries there were, and what an erased call had', () => {
    const later = points.map((_, n) => point(n, 'later'));
    const seen = [...later, final(7), point(0, 'now', 'sad', 'erased'), tombstone];
    expect(isKept(against(seen))).toBe(true);
  });

  it('sees what is twice, missing, too much or different', () => {
    expect(against([...reference, point(1)]).duplicates).toHaveLength(1);
    expect(against([...reference, final(4)]).duplicates).toHaveLength(1);
    expect(against(reference.slice(1)).missing).toHaveLength(1);
    expect(against([...reference, point(WINDOWS)]).surplus).toHaveLength(1);
    expect(against([point(0, 'now', 'angry'), ...reference.slice(1)]).different).toHaveLength(1);
    expect(against(reference, 1).faults).toHaveLength(1);
  });

  it('sees what stands behind a tombstone', () => {
    expect(against([...reference, point(9, 'now', 'sad', 'erased')]).faults).toHaveLength(1);
  });

  it('sees windows that both runs lack', () => {
    const short = reference.slice(1);
    expect(compare(short, short, [plan, erased], 0).faults).toHaveLength(2);
  });
});

describe('the calls of a run', () => {
  const written = (seed: string): string =>
    planCalls({ ...DEFAULTS, seed, calls: 12, callSeconds: 20 }, VOICES)
      .flatMap((call) => [...scriptOf(call)])
      .map(
        ({ atMs, record }) =>
          `${atMs} ${record.key} ${JSON.stringify(record.headers)} ${record.value?.length}`,
      )
      .join('\n');

  it('are the same for the same seed, and others for another', () => {
    expect(written('a')).toBe(written('a'));
    expect(written('a')).not.toBe(written('b'));
  });

  it('are of every kind', () => {
    const kinds = new Set(PLANS.flatMap(({ passages }) => passages.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(
      ['frozen-pause', 'jump', 'lost', 'new-feed', 'pause', 'poison', 'quiet', 'repeat', 'speech'].sort(),
    );
    expect(new Set(PLANS.map(({ end }) => end)).size).toBe(3);
    expect(PLANS.some(({ agent }) => agent) && PLANS.some(({ late }) => late)).toBe(true);
  });
});
