import type { ActivitySnapshot } from './call-activity.js';
import type { CallSummary, LegSummary, Segment } from './call-summary.js';
import type { TimelineEntry } from './leg-timeline.js';
import { roundAffect, roundMs } from './rounding.js';

type Leg = Segment['leg'];
type Label = Segment['label'];

const MAX_SEGMENTS = 200;

interface LegTally {
  mediaMs: number;
  lostMs: number;
  pausedMs: number;
  windows: number;
  silentWindows: number;
  missedWindows: number;
  valenceSum: number;
  arousalSum: number;
  readonly labels: Map<Label, number>;
}

/** Adds a call up as it goes on. */
export class CallSummarizer {
  readonly #legs = new Map<Leg, LegTally>();
  #segments: Segment[] = [];
  #alertsRaised = 0;

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
      durationMs: Math.max(0, ...[...this.#legs.values()].map((leg) => roundMs(leg.mediaMs))),
      legs: Object.fromEntries(legs),
      silenceMs: activity.silenceMs,
      overlapMs: activity.overlapMs,
      interruptions: activity.interruptions,
      segments: this.#segments,
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
