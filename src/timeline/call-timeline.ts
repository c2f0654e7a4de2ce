import type {
  AnalysisState,
  CallAnalysis,
  CallState,
  DueWindow,
  LegProgress,
  WindowHole,
} from '../calls/index.js';
import { errorCodeOf, UndertoneError } from '../errors.js';
import type { Classifier } from '../inference/index.js';
import { type CallEnded, type CallStarted, type Leg, VOICE_BLOCK_MS } from '../ingest/index.js';
import { AlertDesk, type AlertEntry } from './alerts/alert-desk.js';
import type { AlertRule } from './alerts/rule.js';
import { type CallTimelineState, readAnalysisState, STATE_VERSION } from './analysis-state.js';
import { type ActivitySnapshot, CallActivity, type CallActivityOptions } from './call-activity.js';
import { LegTimeline, type TimelineOptions } from './leg-timeline.js';
import type { TimelineListener } from './listener.js';
import { CallSummarizer } from './summarizer.js';

export interface CallTimelineOptions extends TimelineOptions {
  readonly rules: readonly AlertRule[];
  /** Media time between two summaries of a live call. */
  readonly summaryEveryMs: number;
  /** How far one leg's audio may be ahead of another's before the other is taken to be silent. */
  readonly maxLegLeadMs: number;
}

/** 512 ms of media time between two looks at silence and overlap. */
const TICK_BLOCKS = 512 / VOICE_BLOCK_MS;

/** Stands in the place of the answer to a window that cost every thread its life, while the model goes on. */
const LOST = 'lost';

/**
 * What becomes of one call's windows: classified, smoothed, watched for alerts, added up.
 *
 * Always holds: classification of many windows may be under way at once, but all that was enqueued is applied in that
 * order, one at a time, so the outcome does not depend on which window the model answers first. When nothing is under
 * way, {@link state} is all that what follows depends on, beside the options.
 */
export class CallTimeline implements CallAnalysis {
  readonly #callId: string;
  readonly #options: CallTimelineOptions;
  readonly #classifier: Classifier;
  readonly #listener: TimelineListener;
  readonly #legs: Map<Leg, LegTimeline>;
  readonly #activity: CallActivity;
  readonly #desk: AlertDesk;
  readonly #summarizer: CallSummarizer;
  #lastSummaryMs: number;
  #done: Promise<void> = Promise.resolve();
  #underWay = 0;

  /**
   * @param state {@link CallTimeline.state} of the call's former owner; without it the call begins, with a summary
   * @throws UT_TIMELINE_BAD_STATE
   */
  constructor(
    call: CallStarted,
    options: CallTimelineOptions,
    classifier: Classifier,
    listener: TimelineListener,
    state?: AnalysisState,
  ) {
    this.#callId = call.callId;
    this.#options = options;
    this.#classifier = classifier;
    this.#listener = listener;
    const before = state === undefined ? undefined : readAnalysisState(state, call.callId);
    this.#legs = new Map(before?.legs.map(([leg, known]) => [leg, new LegTimeline(options, known)]));
    this.#activity = new CallActivity(this.#activityOptions(), before?.activity);
    this.#desk = new AlertDesk(call, options.rules, before?.alerts);
    this.#summarizer = new CallSummarizer(before?.summary);
    this.#lastSummaryMs = before?.lastSummaryMs ?? 0;
    if (before === undefined) this.#sendSummary(undefined, null);
  }

  announce(legs: readonly Leg[]): void {
    for (const leg of legs) this.#activity.announce(leg);
  }

  window(leg: Leg, window: DueWindow): void {
    const answer = this.#answerTo(window);
    // The failure is met by whoever awaits `settled`; without this line Node would call it unhandled first.
    answer.catch(() => {});
    this.#enqueue(async () => {
      // Not before its turn: windows that wait for an earlier one hold new audio back as those do that wait for the model.
      const probabilities = await answer.finally(() => window.release());
      if (probabilities === LOST) this.#miss(leg, holeInsteadOf(window));
      else this.#apply(leg, window, probabilities);
    });
  }

  hole(leg: Leg, hole: WindowHole): void {
    this.#enqueue(() => this.#miss(leg, hole));
  }

  voice(leg: Leg, block: number, voiced: boolean): void {
    this.#activity.push(leg, block, voiced);
  }

  progress(leg: Leg, progress: LegProgress): void {
    this.#summarizer.heard(leg, progress);
  }

  end(reason: CallEnded['reason']): void {
    this.#activity.finish();
    this.#enqueue(() => {
      this.#sendAlerts(this.#desk.onCallEnd(this.#activity.snapshot().mediaMs));
      this.#sendSummary(reason, null);
    });
  }

  async settled(): Promise<void> {
    await this.#done;
  }

  get summaryDue(): boolean {
    return this.#summarizer.mediaMs - this.#lastSummaryMs >= this.#options.summaryEveryMs;
  }

  /** Only when settled: what it says must not depend on how far the model is. */
  summarize(state: CallState | null): void {
    this.#demandSettled();
    this.#sendSummary(undefined, state);
  }

  state(): AnalysisState {
    this.#demandSettled();
    return {
      version: STATE_VERSION,
      listener: this.#listener.state(),
      lastSummaryMs: this.#lastSummaryMs,
      legs: [...this.#legs].map(([leg, timeline]) => [leg, timeline.state()]),
      activity: this.#activity.state(),
      alerts: this.#desk.state(),
      summary: this.#summarizer.state(),
    } satisfies CallTimelineState;
  }

  #apply(leg: Leg, window: DueWindow, probabilities: Float32Array | null): void {
    const entry = this.#timelineOf(leg).push({ ...window, probabilities });
    this.#summarizer.entry(leg, entry);
    this.#listener.point(leg, entry, window.arrivedAtMs);
    // Alerts speak of the customer; an agent is never scored (EU AI Act Art. 5(1)(f)).
    if (leg !== 'agent') this.#sendAlerts(this.#desk.onEntry(leg, entry));
  }

  #miss(leg: Leg, hole: WindowHole): void {
    this.#summarizer.missed(leg, hole.toWindowIndex - hole.fromWindowIndex + 1);
    this.#listener.hole(leg, hole);
  }

  /** What the model says; null for a window that it is not asked about, {@link LOST} for one that it can't answer. */
  async #answerTo({ input }: DueWindow): Promise<Float32Array | null | typeof LOST> {
    try {
      return input === null ? null : await this.#classifier.classify(input);
    } catch (error) {
      if (errorCodeOf(error) === 'UT_INFERENCE_WINDOW_LOST') return LOST;
      throw error;
    }
  }

  #tick(activity: ActivitySnapshot): void {
    const alerts = this.#desk.onActivity(activity);
    if (alerts.length > 0) this.#enqueue(() => this.#sendAlerts(alerts));
  }

  #enqueue(task: () => void | Promise<void>): void {
    this.#underWay++;
    this.#done = this.#done.then(task).then(() => {
      this.#underWay--;
    });
    this.#done.catch(() => {});
  }

  #demandSettled(): void {
    if (this.#underWay === 0) return;
    throw new UndertoneError('UT_INTERNAL', `${this.#underWay} windows or events are still under way.`, {
      place: `call ${this.#callId}`,
    });
  }

  #timelineOf(leg: Leg): LegTimeline {
    let timeline = this.#legs.get(leg);
    if (timeline === undefined) {
      timeline = new LegTimeline(this.#options);
      this.#legs.set(leg, timeline);
    }
    return timeline;
  }

  #sendAlerts(alerts: readonly AlertEntry[]): void {
    for (const alert of alerts) {
      if (alert.state === 'raised') this.#summarizer.alertRaised();
      this.#listener.alert(alert);
    }
  }

  #sendSummary(ended: CallEnded['reason'] | undefined, state: CallState | null): void {
    this.#lastSummaryMs = this.#summarizer.mediaMs;
    const body = this.#summarizer.summary(this.#activity.snapshot());
    // The next owner must not make this summary again.
    this.#listener.summary(body, ended, state === null ? null : { ...state, analysis: this.state() });
  }

  #activityOptions(): CallActivityOptions {
    return {
      blockMs: VOICE_BLOCK_MS,
      maxLeadBlocks: Math.ceil(this.#options.maxLegLeadMs / VOICE_BLOCK_MS),
      tickBlocks: TICK_BLOCKS,
      settledAfterMs: longestSilenceOf(this.#options.rules),
      onTick: (activity) => this.#tick(activity),
    };
  }
}

/** After so much silence no rule changes its mind any more; two ticks for rounding to the grid. */
function longestSilenceOf(rules: readonly AlertRule[]): number {
  const thresholds = rules.map((rule) => (rule.kind === 'long-silence' ? rule.silentMs : 0));
  return Math.max(0, ...thresholds) + 2 * TICK_BLOCKS * VOICE_BLOCK_MS;
}

function holeInsteadOf({ windowIndex, startMs, endMs }: DueWindow): WindowHole {
  return { fromWindowIndex: windowIndex, toWindowIndex: windowIndex, startMs, endMs, reason: 'error' };
}
