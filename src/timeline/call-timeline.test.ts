import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnalysisState, CallState, Json } from '../calls/index.js';
import { UndertoneError } from '../errors.js';
import { type Classifier, EMOTIONS } from '../inference/index.js';
import type { CallStarted, Leg } from '../ingest/index.js';
import type { AlertRule } from './alerts/rule.js';
import { listenerStateOf } from './analysis-state.js';
import { CallTimeline, type CallTimelineOptions } from './call-timeline.js';
import type { TimelineListener } from './listener.js';

const CALL: CallStarted = {
  type: 'call.started',
  callId: 'c1',
  tenant: 't1',
  feedId: 'f1',
  live: true,
  notice: 'given',
  legs: ['customer', 'agent'],
  feed: 'test',
};
const STATE: CallState = {
  version: 1,
  model: '',
  frontEnd: '',
  through: 7,
  startedAtOffset: 0,
  replayFrom: 3,
  started: CALL,
  paused: false,
  pausedMs: 0,
  legs: {},
  analysis: null,
};

const base = { severity: 'warning', cooldownMs: 1000, tenants: [], queues: [] } as const;
const ANGER: AlertRule = {
  ...base,
  kind: 'sustained-emotion',
  name: 'anger',
  labels: ['angry', 'disgust'],
  minProbability: 0.35,
  forMs: 2500,
};
const RULES: readonly AlertRule[] = [
  ANGER,
  { ...base, kind: 'valence-drop', name: 'drop', drop: 0.2, overMs: 4000 },
  { ...base, kind: 'long-silence', name: 'silence', silentMs: 600 },
  { ...base, kind: 'overlap', name: 'overlap', overlapMs: 500 },
];
const OPTIONS: CallTimelineOptions = {
  labels: EMOTIONS,
  temperature: 1.3,
  smoothingWindows: 5,
  smoothingDecay: 0.8,
  uncertainBelow: 0.2,
  hysteresisMargin: 0.05,
  minDurationWindows: 2,
  rules: RULES,
  summaryEveryMs: 2000,
  maxLegLeadMs: 800,
};

/** Says of a window what stands in it, after as many turns as `turnsOf` says; one that begins with −1 it loses. */
function classifierAnswering(turnsOf: (asked: number) => number): Classifier {
  let asked = 0;
  return {
    labels: EMOTIONS,
    start: async () => {},
    close: async () => {},
    async classify(window) {
      for (let turns = turnsOf(asked++); turns > 0; turns--) await Promise.resolve();
      if (window[0] === -1) throw new UndertoneError('UT_INFERENCE_WINDOW_LOST', 'as asked for.');
      return window.slice();
    },
  };
}
const outOfOrder = () => classifierAnswering((asked) => (asked * 7) % 5);

/** Writes down all that it hears, byte for byte. */
class Scribe implements TimelineListener {
  readonly #startedAt: Json;
  readonly log: string[];

  constructor(log: string[], state: Json = 'at noon') {
    this.log = log;
    this.#startedAt = state;
  }

  point = (...heard: unknown[]) => this.#write('point', heard);
  hole = (...heard: unknown[]) => this.#write('hole', heard);
  alert = (...heard: unknown[]) => this.#write('alert', heard);
  summary = (...heard: unknown[]) => this.#write('summary', [...heard, this.#startedAt]);
  state = () => this.#startedAt;

  #write(kind: string, heard: unknown[]): void {
    this.log.push(JSON.stringify([kind, ...heard]));
  }
}

type Step =
  | { readonly kind: 'window'; readonly leg: Leg; readonly input: readonly number[] | null }
  | { readonly kind: 'hole'; readonly leg: Leg; readonly windows: number }
  | {
      readonly kind: 'voice';
      readonly leg: Leg;
      readonly skipped: number;
      readonly blocks: readonly boolean[];
    };

/** One call and what its legs know of themselves; the timeline can be taken over by another owner at any time. */
class Play {
  readonly log: string[] = [];
  readonly #classifier: Classifier;
  readonly #heard = new Map<Leg, { windows: number; blocks: number; lostMs: number }>();
  timeline: CallTimeline;

  constructor(options: CallTimelineOptions = OPTIONS, classifier = outOfOrder()) {
    this.#classifier = classifier;
    this.timeline = new CallTimeline(CALL, options, classifier, new Scribe(this.log));
    this.timeline.announce(CALL.legs);
  }

  heard(kind: 'point' | 'hole' | 'alert' | 'summary') {
    return this.log
      .map((line) => JSON.parse(line))
      .filter(([of]) => of === kind)
      .map(([, ...rest]) => rest);
  }

  moveTo(options: CallTimelineOptions): void {
    const state: AnalysisState = JSON.parse(JSON.stringify(this.timeline.state()));
    const listener = new Scribe(this.log, listenerStateOf(state));
    this.timeline = new CallTimeline(CALL, options, this.#classifier, listener, state);
  }

  async batch(steps: readonly Step[]): Promise<void> {
    for (const step of steps) this.#take(step);
    await this.timeline.settled();
    if (this.timeline.summaryDue) this.timeline.summarize({ ...STATE, analysis: this.timeline.state() });
  }

  async end(): Promise<string[]> {
    this.timeline.end('completed');
    await this.timeline.settled();
    return this.log;
  }

  #take(step: Step): void {
    const { leg } = step;
    const heard = this.#heard.get(leg) ?? { windows: 0, blocks: 0, lostMs: 0 };
    this.#heard.set(leg, heard);
    if (step.kind === 'voice') {
      heard.blocks += step.skipped;
      for (const voiced of step.blocks) this.timeline.voice(leg, heard.blocks++, voiced);
      return;
    }
    const windowIndex = heard.windows;
    const startMs = windowIndex * 512;
    if (step.kind === 'hole') {
      heard.windows += step.windows;
      heard.lostMs += (step.windows * 1000) / 3;
      const endMs = heard.windows * 512;
      const toWindowIndex = heard.windows - 1;
      this.timeline.hole(leg, { fromWindowIndex: windowIndex, toWindowIndex, startMs, endMs, reason: 'gap' });
    } else {
      heard.windows++;
      const input = step.input && Float32Array.from(step.input);
      const said = { loudnessDbfs: -30.5, voicedShare: 0.8, partial: false, arrivedAtMs: 0 };
      const window = { windowIndex, startMs, endMs: startMs + 2048, ...said, input, release: () => {} };
      this.timeline.window(leg, window);
    }
    this.timeline.progress(leg, { mediaMs: heard.windows * 512 + 1 / 3, lostMs: heard.lostMs, pausedMs: 0 });
  }
}

const leg = fc.constantFrom<Leg>('customer', 'customer', 'agent', 'mixed');
/** Softmax outputs, mostly of one clear emotion, so that rules and labels have something to find. */
const distribution = fc
  .tuple(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }), fc.nat(12))
  .map(([weights, loud]) => {
    const raised = weights.map((weight, i) => (i === loud % 7 ? weight + loud : weight));
    return raised.map((weight) => weight / raised.reduce((a, b) => a + b));
  });
const lostWindow = [-1, 0, 0, 0, 0, 0, 0];
const window = fc.record({
  kind: fc.constant('window' as const),
  leg,
  input: fc.oneof(
    { weight: 12, arbitrary: distribution },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(lostWindow) },
  ),
});
const hole = fc.record({ kind: fc.constant('hole' as const), leg, windows: fc.integer({ min: 1, max: 12 }) });
const voice = fc.record({
  kind: fc.constant('voice' as const),
  leg,
  skipped: fc.constantFrom(0, 0, 0, 3, 80),
  blocks: fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 45 })), { maxLength: 3 })
    .map((runs) => runs.flatMap(([voiced, length]) => Array<boolean>(length).fill(voiced))),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: window },
  { weight: 1, arbitrary: hole },
  { weight: 4, arbitrary: voice },
);
const batches = fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 16 });

const windowOf = (input: readonly number[] | null, of: Leg = 'customer'): Step => ({
  kind: 'window',
  leg: of,
  input,
});
const angry = [0.94, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01];

describe('CallTimeline', () => {
  it('says the same in the same order whichever window the model answers first', async () => {
    const inTurn = () => classifierAnswering(() => 0);
    await fc.assert(
      fc.asyncProperty(batches, fc.infiniteStream(fc.nat(9)), async (played, turns) => {
        const calm = new Play(OPTIONS, inTurn());
        const wild = new Play(
          OPTIONS,
          classifierAnswering(() => turns.next().value),
        );
        for (const steps of played) await Promise.all([calm.batch(steps), wild.batch(steps)]);
        expect(await wild.end()).toEqual(await calm.end());
      }),
      { numRuns: 60 },
    );
  });

  it('sums a call up when it begins, when enough has been heard, and when it ends', async () => {
    const play = new Play();
    const summaries = () => play.heard('summary').length;
    expect(summaries()).toBe(1);
    for (let i = 0; i < 9; i++) await play.batch([windowOf(angry)]);
    expect(summaries()).toBe(3);
    await play.end();
    expect([summaries(), play.timeline.summaryDue]).toEqual([4, false]);
  });

  it('hands the state on with a summary, and in it that this summary was made', async () => {
    const play = new Play();
    await play.batch(Array.from({ length: 6 }, () => windowOf(angry)));
    const [, , state] = play.heard('summary').at(-1)!;
    expect(state).toEqual({ ...STATE, analysis: play.timeline.state() });
    play.moveTo(OPTIONS);
    expect(play.timeline.summaryDue).toBe(false);
  });

  it('has no state and no summary while a window is under way', async () => {
    const play = new Play();
    const batch = play.batch([windowOf(angry)]);
    expect(() => play.timeline.state()).toThrow('UT_INTERNAL');
    expect(() => play.timeline.summarize(null)).toThrow('UT_INTERNAL');
    await batch;
    expect(play.timeline.state()).toMatchObject({ version: 1 });
  });
});

describe('a call that moves to another owner', () => {
  it('goes on as if it had not moved, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
        fc.subarray([...RULES]),
        async (played, cuts, rules) => {
          const options = { ...OPTIONS, rules };
          const whole = new Play(options);
          const moved = new Play(options);
          for (const [i, steps] of played.entries()) {
            await whole.batch(steps);
            await moved.batch(steps);
            if (cuts[i]) moved.moveTo(options);
            expect(moved.timeline.state()).toEqual(whole.timeline.state());
          }
          expect(await moved.end()).toEqual(await whole.end());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends the alert that stands, and forgets one whose rule is gone or has become another', async () => {
    const endsAfterMoveTo = async (rules: readonly AlertRule[]) => {
      const play = new Play({ ...OPTIONS, rules: [ANGER] });
      await play.batch(Array.from({ length: 6 }, () => windowOf(angry)));
      play.moveTo({ ...OPTIONS, rules });
      await play.end();
      return play.heard('alert').map(([alert]) => alert.state);
    };
    expect(await endsAfterMoveTo([ANGER])).toEqual(['raised', 'ended']);
    expect(await endsAfterMoveTo([])).toEqual(['raised']);
    expect(await endsAfterMoveTo([{ ...RULES[1]!, name: 'anger' }])).toEqual(['raised']);
  });

  it('forgets the probabilities of a model with other labels, and keeps the sums', async () => {
    const play = new Play();
    await play.batch(Array.from({ length: 6 }, () => windowOf(angry)));
    play.moveTo({ ...OPTIONS, labels: ['sad', 'happy'] });
    await play.batch([windowOf([0.1, 0.9])]);
    expect(play.heard('point').at(-1)).toMatchObject(['customer', { windowIndex: 6, label: 'happy' }, 0]);
    expect(play.timeline.state()).toMatchObject({ summary: { legs: [['customer', { windows: 7 }, {}]] } });
  });

  it('is refused with a reason if its state is of another version, or makes no sense', async () => {
    const play = new Play();
    await play.batch([windowOf(angry)]);
    const state = play.timeline.state() as { readonly [name: string]: Json };
    const legs = [['customer', { labels: ['sad'], history: [[0, 0.1, 0.9]] }]];
    const alerts = [{ ...(state.alerts as object[])[0], gauge: 'high' }] as Json;
    const reopen = (changed: Json) => () =>
      new CallTimeline(CALL, OPTIONS, outOfOrder(), new Scribe([], listenerStateOf(changed)), changed);
    expect(reopen({ ...state, version: 2 })).toThrow(/UT_TIMELINE_BAD_STATE at state of call c1: version: /);
    expect(reopen({ ...state, legs })).toThrow(/legs\.0\.1\.history: .* labels/);
    expect(reopen({ ...state, alerts })).toThrow(/UT_TIMELINE_BAD_STATE at state of alert rule anger/);
    for (const nonsense of [null, [], 'state', { version: 1 }]) {
      expect(reopen(nonsense)).toThrow('UT_TIMELINE_BAD_STATE');
    }
  });

  it('takes less than 4 KiB with it after half an hour, not counting segments', async () => {
    const play = new Play({ ...OPTIONS, maxLegLeadMs: 10_000 });
    const minutes = fc.sample(fc.array(distribution, { minLength: 117, maxLength: 117 }), {
      numRuns: 30,
      seed: 4,
    });
    for (const minute of minutes) {
      for (const [i, input] of minute.entries()) {
        const blocks = Array.from({ length: 32 }, (_, block) => (i + block) % 9 > 3);
        const spoken = (of: Leg): Step => ({ kind: 'voice', leg: of, skipped: 0, blocks });
        await play.batch([windowOf(input), spoken('customer'), spoken('agent')]);
      }
    }
    const state = play.timeline.state() as { summary: { segments: unknown[] } };
    expect(state.summary.segments.length).toBeGreaterThan(100);
    const bytes = JSON.stringify({ ...state, summary: { ...state.summary, segments: [] } }).length;
    expect(bytes).toBeLessThan(4096);
  });
});
