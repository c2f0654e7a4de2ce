import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMOTIONS } from '../inference/index.js';
import { type HeardWindow, LegTimeline, memoryWindowsOf, type TimelineOptions } from './leg-timeline.js';
import { pointSchema } from './point.js';

const options: TimelineOptions = {
  labels: EMOTIONS,
  temperature: 1.5,
  smoothingWindows: 4,
  smoothingDecay: 0.8,
  uncertainBelow: 0.4,
  hysteresisMargin: 0.1,
  minDurationWindows: 2,
};

const window = (windowIndex: number, probabilities: number[] | null): HeardWindow => ({
  windowIndex,
  startMs: windowIndex * 512,
  endMs: windowIndex * 512 + 2064,
  loudnessDbfs: -30.123,
  voicedShare: probabilities === null ? 0 : 0.75,
  partial: false,
  probabilities,
});

const distribution = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 })
  .map((weights) => weights.map((w) => w / weights.reduce((a, b) => a + b)));
const maybeSilent = fc.option(distribution, { nil: null });

describe('LegTimeline', () => {
  it('makes entries that fit the published schema', () => {
    fc.assert(
      fc.property(fc.array(maybeSilent, { minLength: 1, maxLength: 20 }), (windows) => {
        const timeline = new LegTimeline(options);
        for (const [i, probabilities] of windows.entries()) {
          const entry = timeline.push(window(i, probabilities));
          const rest = { callId: 'c', tenant: 't', leg: 'customer', model: 'm', notice: 'given' };
          pointSchema.parse({ ...rest, ...entry, emittedAt: '2026-01-01T00:00:00.000Z' });
          expect(entry.status).toBe(probabilities === null ? 'silent' : 'classified');
        }
      }),
    );
  });

  it('forgets: what lies further back than its memory cannot be heard', () => {
    const memory = memoryWindowsOf(options);
    const recent = fc.array(maybeSilent, { minLength: memory, maxLength: memory });
    fc.assert(
      fc.property(fc.array(maybeSilent, { maxLength: 10 }), recent, distribution, (old, windows, last) => {
        const withPast = new LegTimeline(options);
        const without = new LegTimeline(options);
        old.forEach((p, i) => {
          withPast.push(window(i, p));
        });
        windows.forEach((p, i) => {
          withPast.push(window(old.length + i, p));
          without.push(window(old.length + i, p));
        });
        const next = window(old.length + windows.length, last);
        expect(withPast.push(next)).toEqual(without.push(next));
      }),
    );
  });

  it('smooths: one loud window among calm ones does not turn the label', () => {
    const timeline = new LegTimeline(options);
    const sure = (i: number) => EMOTIONS.map((_, k) => (k === i ? 0.94 : 0.01));
    const labels = [4, 4, 4, 0, 4, 4, 0, 0, 0, 0].map((i, n) => timeline.push(window(n, sure(i))).label);
    expect(labels.slice(0, 6)).toEqual(Array(6).fill('neutral'));
    expect(labels.at(-1)).toBe('angry');
  });

  it('expects valence and arousal from the classes', () => {
    const happy = new LegTimeline({ ...options, temperature: 1 }).push(window(0, [0, 0, 0, 1, 0, 0, 0]));
    expect(happy.valence).toBeCloseTo((8.21 - 5) / 4, 2);
    expect(happy.arousal).toBeCloseTo((6.49 - 5) / 4, 2);
    const sad = new LegTimeline({ ...options, temperature: 1 }).push(window(0, [0, 0, 0, 0, 0, 1, 0]));
    expect(sad.valence).toBeCloseTo((1.61 - 5) / 4, 2);
    expect(sad.arousal).toBeCloseTo((4.13 - 5) / 4, 2);
  });
});
