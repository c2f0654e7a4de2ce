import { z } from 'zod';
import type { ActivitySnapshot } from './call-activity.js';
import { type CallSummary, type LegSummary, type Segment, segmentSchema } from './call-summary.js';
import type { TimelineEntry } from './leg-timeline.js';
import { roundAffect, roundMs } from './rounding.js';

type Leg = Segment['leg'];
type Label = Segment['label'];

const MAX_SEGMENTS = 200;

const legSums = z.object({
  mediaMs: z.number(),
  lostMs: z.number(),
  pausedMs: z.number(),
  windows: z.int(),
  silentWindows: z.int(),
  missedWindows: z.int(),
  valenceSum: z.number(),
  arousalSum: z.number(),
});

type LegTally = z.infer<typeof legSums> & { readonly labels: Map<Label, number> };

const { leg: legName, label: labelName } = segmentSchema.shape;

export const summarizerState = z.object({
  /** Each leg in the order in which it was first heard: name, sums, windows by label in the order of their first. */
  legs: z.array(z.tuple([legName, legSums, z.array(z.tuple([labelName, z.int()]))])),
  /** Leg, label, start and end of each, ms. */
  segments: z.array(z.tuple([legName, labelName, z.number(), z.number()])),
  alertsRaised: z.int(),
});
export type SummarizerState = z.infer<typeof summarizerState>;

/** Adds a call up as it goes on. */
export class CallSummarizer {
  readonly #legs: Map<Leg, LegTally>;
  #segments: Segment[];
  #alertsRaised: number;

  constructor(state: SummarizerState = { legs: [], segments: [], alertsRaised: 0 }) {
    this.#legs = new Map(
      state.legs.map(([leg, sums, labels]) => [leg, { ...sums, labels: new Map(labels) }]),
    );
    this.#segments = state.segments.map(([leg, label, startMs, endMs]) => ({ leg, label, startMs, endMs }));
    this.#alertsRaised = state.alertsRaised;
  }

  /** Media time of the longest leg. */
  get mediaMs(): number {
    return Math.max(0, ...[...this.#legs.values()].map((leg) => leg.mediaMs));
  }

  /** Media time and losses of a leg so far; all three only grow. */
  heard(leg: Leg, { mediaMs, lostMs, pausedMs }: Pick<LegTally, 'mediaMs' | 'lostMs' | 'pausedMs'>): void {
    Object.assign(this.#leg(leg), { mediaMs, lostMs, pausedMs });
  }

  entry(leg: Leg, entry: TimelineEntry): void {
    const tally = this.#leg(leg);
    if (entry.label === null) {
      tally.silentWindows++;
      return;
    }
    tally.windows++;
    // Of an agent it is counted that there were windows, never how they sounded.
    if (leg === 'agent') return;
    tally.valenceSum += entry.valence ?? 0;
    tally.arousalSum += entry.arousal ?? 0;
    tally.labels.set(entry.label, (tally.labels.get(entry.label) ?? 0) + 1);
    this.#extendSegments(leg, entry.label, entry);
  }

  missed(leg: Leg, windows: number): void {
    this.#leg(leg).missedWindows += windows;
  }

  alertRaised(): void {
    this.#alertsRaised++;
  }

  summary(activity: ActivitySnapshot): SummaryBody {
    const spokenMs = [...activity.voicedMs.values()].reduce((a, b) => a + b, 0);
    const legs = [...this.#legs].map(([leg, tally]) => {
      const voicedMs = activity.voicedMs.get(leg) ?? 0;
      return [leg, legSummary(tally, voicedMs, spokenMs === 0 ? 0 : voicedMs / spokenMs)];
    });
    return {
      durationMs: roundMs(this.mediaMs),
      legs: Object.fromEntries(legs),
      silenceMs: activity.silenceMs,
      overlapMs: activity.overlapMs,
      interruptions: activity.interruptions,
      segments: this.#segments,
      alertsRaised: this.#alertsRaised,
    };
  }

  state(): SummarizerState {
    return {
      legs: [...this.#legs].map(([leg, { labels, ...sums }]) => [leg, sums, [...labels]]),
      segments: this.#segments.map(({ leg, label, startMs, endMs }) => [leg, label, startMs, endMs]),
      alertsRaised: this.#alertsRaised,
    };
  }

  #leg(leg: Leg): LegTally {
    let tally = this.#legs.get(leg);
    if (tally === undefined) {
      tally = { ...EMPTY_TALLY, labels: new Map() };
      this.#legs.set(leg, tally);
    }
    return tally;
  }

  /** A segment ends where the next label begins; silence between two windows of one label does not cut it. */
  #extendSegments(leg: Leg, label: Label, { startMs, endMs }: TimelineEntry): void {
    const at = this.#segments.findLastIndex((segment) => segment.leg === leg);
    const last = this.#segments[at];
    if (last?.label === label) {
      this.#segments = this.#segments.with(at, { ...last, endMs });
      return;
    }
    const from = last === undefined ? startMs : Math.max(startMs, last.endMs);
    this.#segments = [...this.#segments, { leg, label, startMs: from, endMs }].slice(-MAX_SEGMENTS);
  }
}

/** What the summarizer knows of a call; who and when are added by the call. */
export type SummaryBody = Pick<
  CallSummary,
  'durationMs' | 'legs' | 'silenceMs' | 'overlapMs' | 'interruptions' | 'segments' | 'alertsRaised'
>;

const EMPTY_TALLY = {
  mediaMs: 0,
  lostMs: 0,
  pausedMs: 0,
  windows: 0,
  silentWindows: 0,
  missedWindows: 0,
  valenceSum: 0,
  arousalSum: 0,
};

function legSummary(tally: LegTally, voicedMs: number, talkShare: number): LegSummary {
  const { windows, silentWindows, missedWindows } = tally;
  return {
    mediaMs: roundMs(tally.mediaMs),
    lostMs: roundMs(tally.lostMs),
    pausedMs: roundMs(tally.pausedMs),
    voicedMs,
    talkShare: roundAffect(talkShare),
    windows,
    silentWindows,
    missedWindows,
    labelShare: Object.fromEntries([...tally.labels].map(([label, n]) => [label, roundAffect(n / windows)])),
    meanValence: tally.labels.size === 0 ? null : roundAffect(tally.valenceSum / windows),
    meanArousal: tally.labels.size === 0 ? null : roundAffect(tally.arousalSum / windows),
  };
}
