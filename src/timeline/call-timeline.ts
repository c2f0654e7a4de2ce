import type { CallAnalysis, DueWindow, LegProgress, WindowHole } from '../calls/index.js';
import { errorCodeOf } from '../errors.js';
import type { Classifier } from '../inference/index.js';
import { type CallEnded, type CallStarted, type Leg, VOICE_BLOCK_MS } from '../ingest/index.js';
import { AlertDesk, type AlertEntry } from './alerts/alert-desk.js';
import type { AlertRule } from './alerts/rule.js';
import { type ActivitySnapshot, CallActivity } from './call-activity.js';
import { LegTimeline, type TimelineEntry, type TimelineOptions } from './leg-timeline.js';
import { CallSummarizer, type SummaryBody } from './summarizer.js';

/** Receives what a call's timeline says, in order for each leg. A promise resolves once it is written. */
export interface TimelineListener {
  /** @param arrivedAtMs wall clock at which the window's last audio reached the audio log */
  point(leg: Leg, entry: TimelineEntry, arrivedAtMs: number): Promise<void>;
  hole(leg: Leg, hole: WindowHole): Promise<void>;
  alert(alert: AlertEntry): Promise<void>;
  /** @param ended why the call is over; undefined while it is live */
  summary(summary: SummaryBody, ended: CallEnded['reason'] | undefined): Promise<void>;
}

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
 * Always holds: classification of many windows may be under way at once, but each leg's results are applied in the
 * order of its windows, one at a time, so the outcome does not depend on which window the model answers first.
 */
export class CallTimeline implements CallAnalysis {
  readonly #options: CallTimelineOptions;
  readonly #classifier: Classifier;
  readonly #listener: TimelineListener;
  readonly #legs = new Map<Leg, { readonly timeline: LegTimeline; done: Promise<void> }>();
  readonly #activity: CallActivity;
  readonly #desk: AlertDesk;
  readonly #summarizer = new CallSummarizer();
  #lastSummaryMs = 0;
  /** Alerts about the call as a whole, and summaries. */
  #callDone: Promise<void>;

  constructor(
    call: CallStarted,
    options: CallTimelineOptions,
    classifier: Classifier,
    listener: TimelineListener,
  ) {
    this.#options = options;
    this.#classifier = classifier;
    this.#listener = listener;
    this.#activity = new CallActivity({
      blockMs: VOICE_BLOCK_MS,
      maxLeadBlocks: Math.ceil(options.maxLegLeadMs / VOICE_BLOCK_MS),
      tickBlocks: TICK_BLOCKS,
      settledAfterMs: longestSilenceOf(options.rules),
      onTick: (activity) => this.#tick(activity),
    });
    this.#desk = new AlertDesk(call, options.rules);
    this.#callDone = listener.summary(this.#summarizer.summary(this.#activity.snapshot()), undefined);
  }

  announce(legs: readonly Leg[]): void {
    for (const leg of legs) this.#activity.announce(leg);
  }

  window(leg: Leg, window: DueWindow): void {
    const answer = this.#answerTo(window);
    // The failure is met by whoever awaits the leg's chain; without this line Node would call it unhandled first.
    answer.catch(() => {});
    this.#enqueue(leg, async (timeline) => {
      // Not before its turn: windows that wait for the result log hold new audio back as those do that wait for the model.
      const probabilities = await answer.finally(() => window.release());
      if (probabilities === LOST) {
        await this.#miss(leg, holeInsteadOf(window));
        return;
      }
      const entry = timeline.push({ ...window, probabilities });
      this.#summarizer.entry(leg, entry);
      await this.#listener.point(leg, entry, window.arrivedAtMs);
      // Alerts speak of the customer; an agent is never scored (EU AI Act Art. 5(1)(f)).
      if (leg !== 'agent') await this.#sendAlerts(this.#desk.onEntry(leg, entry));
    });
  }

  hole(leg: Leg, hole: WindowHole): void {
    this.#enqueue(leg, () => this.#miss(leg, hole));
  }

  voice(leg: Leg, block: number, voiced: boolean): void {
    this.#activity.push(leg, block, voiced);
  }

  progress(leg: Leg, progress: LegProgress): void {
    this.#summarizer.heard(leg, progress);
    if (progress.mediaMs - this.#lastSummaryMs < this.#options.summaryEveryMs) return;
    this.#lastSummaryMs = progress.mediaMs;
    this.#enqueueCall(() => this.#sendSummary(undefined));
  }

  end(reason: CallEnded['reason']): void {
    this.#activity.finish();
    const legsDone = this.#legsDone();
    this.#enqueueCall(async () => {
      await legsDone;
      await this.#sendAlerts(this.#desk.onCallEnd(this.#activity.snapshot().mediaMs));
      await this.#sendSummary(reason);
    });
  }

  async settled(): Promise<void> {
    await Promise.all([this.#legsDone(), this.#callDone]);
  }

  async #miss(leg: Leg, hole: WindowHole): Promise<void> {
    this.#summarizer.missed(leg, hole.toWindowIndex - hole.fromWindowIndex + 1);
    await this.#listener.hole(leg, hole);
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
    if (alerts.length > 0) this.#enqueueCall(() => this.#sendAlerts(alerts));
  }

  #enqueue(name: Leg, task: (timeline: LegTimeline) => Promise<void>): void {
    let leg = this.#legs.get(name);
    if (leg === undefined) {
      leg = { timeline: new LegTimeline(this.#options), done: Promise.resolve() };
      this.#legs.set(name, leg);
    }
    const { timeline } = leg;
    leg.done = leg.done.then(() => task(timeline));
    leg.done.catch(() => {});
  }

  #enqueueCall(task: () => Promise<void>): void {
    this.#callDone = this.#callDone.then(task);
    this.#callDone.catch(() => {});
  }

  async #legsDone(): Promise<void> {
    await Promise.all([...this.#legs.values()].map((leg) => leg.done));
  }

  async #sendAlerts(alerts: readonly AlertEntry[]): Promise<void> {
    for (const alert of alerts) {
      if (alert.state === 'raised') this.#summarizer.alertRaised();
      await this.#listener.alert(alert);
    }
  }

  async #sendSummary(ended: CallEnded['reason'] | undefined): Promise<void> {
    await this.#listener.summary(this.#summarizer.summary(this.#activity.snapshot()), ended);
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
