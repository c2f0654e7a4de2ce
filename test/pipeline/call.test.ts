import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeG711 } from '../../src/audio/index.js';
import { configSchema } from '../../src/config/index.js';
import { EMOTIONS } from '../../src/inference/index.js';
import { alertSchema, callSummarySchema, holeSchema, pointSchema } from '../../src/timeline/index.js';
import { buzz } from '../support/buzz.js';
import { chunkAt, createBench, ENDED, lost, PAUSED, play, resumed, START } from '../support/call-bench.js';
import { timeless } from '../support/collected-events.js';
import { failingAt } from '../support/fake-classifier.js';

const speech = buzz(6);

const cutAt = (cuts: number[]) => {
  const edges = [0, ...cuts.map((c) => Math.min(c, speech.length)).sort((a, b) => a - b), speech.length];
  return edges.slice(1).map((end, i) => chunkAt(edges[i]!, speech.subarray(edges[i], end)));
};

const windowsCovered = (events: Awaited<ReturnType<typeof play>>) => {
  const holes = events.holes.flatMap((h) =>
    Array.from({ length: h.toWindowIndex - h.fromWindowIndex + 1 }, (_, i) => h.fromWindowIndex + i),
  );
  return [...events.points.map((p) => p.windowIndex), ...holes].sort((a, b) => a - b);
};

/** Lets the agent's voice be analysed. */
const DECLARED = {
  acme: { agentAudioDeclared: { by: 'A. Person', at: '2026-01-01', reference: 'file 1' } },
};

describe('a call', () => {
  it('makes the same points however its audio is cut into chunks', async () => {
    const whole = await play([START, chunkAt(0, speech), ENDED]);
    expect(whole.points.map((p) => p.windowIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(whole.points.some((p) => p.status === 'classified')).toBe(true);
    const expected = whole.points.map(timeless);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 48_000 }), { maxLength: 40 }), async (cuts) => {
        const events = await play([START, ...cutAt(cuts), ENDED]);
        expect(events.points.map(timeless)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('makes events that fit their schemas, and ends with one summary of the whole', async () => {
    const events = await play([START, chunkAt(0, speech), lost(6000, 1000), chunkAt(56_000, speech), ENDED]);
    for (const point of events.points) pointSchema.parse(point);
    for (const hole of events.holes) holeSchema.parse(hole);
    for (const alert of events.alerts) alertSchema.parse(alert);
    for (const summary of events.summaries) callSummarySchema.parse(summary);
    expect(events.summaries.at(-1)).toMatchObject({
      state: 'ended',
      endReason: 'completed',
      durationMs: 13_000,
      legs: {
        customer: { lostMs: 1000, mediaMs: 13_000, missedWindows: events.holes[0]!.toWindowIndex - 7 },
      },
    });
  });

  it('covers each window exactly once, whatever is lost, paused or repeated', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('audio' as const), samples: fc.integer({ min: 1, max: 12_000 }) }),
      fc.record({ kind: fc.constant('gap' as const), samples: fc.integer({ min: 1, max: 20_000 }) }),
      fc.record({ kind: fc.constant('pause' as const), samples: fc.constantFrom(0, 800, 16_000) }),
      fc.record({ kind: fc.constant('repeat' as const), samples: fc.integer({ min: 1, max: 3000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        let at = 0;
        const records = steps.flatMap(({ kind, samples }) => {
          const from = at;
          if (kind !== 'repeat') at += samples;
          if (kind === 'audio') return [chunkAt(from, speech.subarray(0, samples))];
          if (kind === 'pause') return [PAUSED, chunkAt(from, speech.subarray(0, 100)), resumed(samples / 8)];
          if (kind === 'repeat')
            return [chunkAt(Math.max(0, from - samples), speech.subarray(0, Math.min(samples, from)))];
          return samples % 2 === 0 ? [lost(from / 8, samples / 8)] : [];
        });
        records.push(chunkAt(at, speech.subarray(0, 1000)));
        const events = await play([START, ...records, ENDED]);
        const full = Math.max(0, Math.floor((at + 1000 - 16_512) / 4096) + 1);
        const partial = events.points.some((p) => p.partial) ? 1 : 0;
        expect(windowsCovered(events)).toEqual(Array.from({ length: full + partial }, (_, i) => i));
      }),
      { numRuns: 60 },
    );
  });

  it('marks what touches a hole and classifies nothing of it', async () => {
    const events = await play([
      START,
      chunkAt(0, speech.subarray(0, 24_000)),
      lost(3000, 500),
      chunkAt(28_000, speech),
      ENDED,
    ]);
    const touched = events.points.filter((p) => p.endMs > 3000 && p.startMs < 3500);
    expect(touched).toEqual([]);
    expect(events.holes).toMatchObject([{ reason: 'gap', fromWindowIndex: 2, toWindowIndex: 6 }]);
  });

  it('lets no window span a pause, also one in which the media clock stood still', async () => {
    const events = await play([
      START,
      chunkAt(0, speech.subarray(0, 24_000)),
      PAUSED,
      resumed(0),
      chunkAt(24_000, speech),
      ENDED,
    ]);
    expect(events.points.filter((p) => p.startMs < 3000 && p.endMs > 3000)).toEqual([]);
    expect(events.holes).toMatchObject([{ reason: 'pause' }]);
  });

  it('does not classify silence, and says so', async () => {
    const events = await play([START, chunkAt(0, encodeG711('mulaw', new Float32Array(30_000))), ENDED]);
    expect(events.points.map((p) => p.status)).toEqual(['silent', 'silent', 'silent', 'silent']);
    expect(events.points[0]).toMatchObject({
      label: null,
      probabilities: null,
      loudnessDbfs: -120,
      voicedShare: 0,
    });
  });

  it('classifies a short leg once, padded, and says that it is partial', async () => {
    const events = await play([START, chunkAt(0, speech.subarray(0, 9000)), ENDED]);
    expect(events.points).toMatchObject([{ windowIndex: 0, partial: true, startMs: 0, endMs: 1125 }]);
    const tooShort = await play([START, chunkAt(0, speech.subarray(0, 3000)), ENDED]);
    expect(tooShort.points).toEqual([]);
  });

  it('makes no partial window of a short leg that is not whole', async () => {
    const half = speech.subarray(0, 5000);
    const paused = await play([START, chunkAt(0, half), PAUSED, resumed(0), chunkAt(5000, half), ENDED]);
    const broken = await play([START, chunkAt(0, half), lost(625, 300), ENDED]);
    expect([paused.points, broken.points]).toEqual([[], []]);
  });

  it('books a pause before the first word of a leg as a pause, and what its clock did not count not at all', async () => {
    const counted = await play([START, PAUSED, resumed(2000), chunkAt(16_000, speech), ENDED]);
    expect(counted.holes).toMatchObject([{ reason: 'pause', fromWindowIndex: 0, toWindowIndex: 3 }]);
    expect(counted.summaries.at(-1)!.legs.customer).toMatchObject({
      lostMs: 0,
      pausedMs: 2000,
      mediaMs: 8000,
    });
    const uncounted = await play([START, PAUSED, resumed(2000), chunkAt(0, speech), ENDED]);
    expect(uncounted.points).toHaveLength(8);
  });

  it('raises no alert about an agent', async () => {
    const angry = {
      kind: 'sustained-emotion',
      name: 'any',
      severity: 'info',
      minProbability: 0,
      forMs: 1,
    } as const;
    const config = configSchema.parse({
      alerts: { rules: [{ ...angry, labels: [...EMOTIONS] }] },
      tenants: DECLARED,
    });
    for (const [leg, alerts] of [
      ['customer', 2],
      ['agent', 0],
    ] as const) {
      const { take, settle, events } = createBench(config);
      for (const record of [{ ...START, legs: [leg] }, { ...chunkAt(0, speech), leg }, ENDED]) take(record);
      await settle();
      expect(events.points.length).toBe(8);
      expect(events.alerts).toHaveLength(alerts);
    }
  });

  it('skips windows while a live call must catch up, and writes that into the timeline', async () => {
    const events = await play([START, chunkAt(0, speech), ENDED], true);
    expect(events.points).toEqual([]);
    expect(events.holes).toMatchObject([{ reason: 'overload', fromWindowIndex: 0, toWindowIndex: 7 }]);
  });

  it('leaves out a window that the model fails at, says so, and goes on with the next', async () => {
    const whole = await play([START, chunkAt(0, speech), ENDED]);
    const classifier = failingAt(3, 'UT_INFERENCE_WINDOW_LOST');
    const { table, take, settle, events } = createBench(undefined, classifier);
    for (const record of [START, chunkAt(0, speech), ENDED]) take(record);
    await settle();
    const { startMs, endMs } = whole.points[3]!;
    expect(events.holes).toMatchObject([
      { reason: 'error', fromWindowIndex: 3, toWindowIndex: 3, startMs, endMs },
    ]);
    expect(events.points.map((p) => p.windowIndex)).toEqual([0, 1, 2, 4, 5, 6, 7]);
    expect(events.points.slice(0, 3).map(timeless)).toEqual(whole.points.slice(0, 3).map(timeless));
    expect(events.summaries.at(-1)!.legs.customer).toMatchObject({ windows: 7, missedWindows: 1 });
    expect(table.pendingWindows).toBe(0);
  });

  it('makes nothing of a window where the model as a whole has failed', async () => {
    const { table, take, settle, events } = createBench(undefined, failingAt(0, 'UT_INFERENCE_THREAD'));
    take(START);
    take(chunkAt(0, speech.subarray(0, 20_000)));
    expect(table.pendingWindows).toBe(1);
    await expect(settle()).rejects.toMatchObject({ code: 'UT_INFERENCE_THREAD' });
    expect(table.pendingWindows).toBe(0);
    expect([...events.points, ...events.holes]).toEqual([]);
  });

  it('refuses a jump of media time that nobody can believe, and goes on', async () => {
    const { take, settle, events } = createBench();
    take(START);
    expect(() => take(chunkAt(1e12, speech))).toThrow('UT_CALLS_GAP_TOO_LONG');
    take(chunkAt(0, speech));
    await settle();
    expect(events.points).toHaveLength(8);
  });

  it('refuses a chunk that has been heard, and one that comes after it was counted as lost', () => {
    const { take } = createBench();
    for (const record of [
      START,
      chunkAt(0, speech.subarray(0, 160)),
      chunkAt(320, speech.subarray(320, 480)),
    ]) {
      take(record);
    }
    for (const offset of [0, 160, 320]) {
      const late = chunkAt(offset, speech.subarray(offset, offset + 160));
      expect(() => take(late)).toThrow('UT_CALLS_HEARD_BEFORE');
    }
  });

  it('refuses records of a call that has not started or has ended, and a resume without a pause', () => {
    const { table, take } = createBench();
    expect(() => take(chunkAt(0, speech))).toThrow('UT_CALLS_NOT_STARTED');
    take(START);
    expect(() => take(resumed(10))).toThrow('UT_CALLS_NOT_PAUSED');
    take(ENDED);
    expect(() => take(chunkAt(0, speech))).toThrow('UT_CALLS_NOT_STARTED');
    expect(table.size).toBe(0);
  });
});
