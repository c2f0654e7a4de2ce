import { groupBy } from '../group.js';
import { meanProbabilities } from './clip-predictions.js';
import { type Coverage, coverageOf } from './coverage.js';
import { type GroupedJudgement, type Interval, uaInterval } from './interval.js';
import type { ClipJudgement } from './judgements.js';
import { argmax, type Metrics, metricsOf } from './metrics.js';
import { pointsOf } from './points.js';
import { type Reliability, reliabilityOf } from './reliability.js';

/** All figures of a set of items: windows, points, or clips. */
export interface ItemsResult extends Metrics {
  /** Of the unweighted accuracy. */
  readonly interval: Interval;
  readonly reliability: Reliability;
  readonly coverage: Coverage;
}

/** How one speaker came out, by clip. */
export interface SpeakerResult {
  readonly speaker: string;
  readonly clips: number;
  readonly unweightedAccuracy: number;
  readonly accuracy: number;
}

/** How one corpus came out. */
export interface CorpusResult {
  readonly corpus: string;
  /** Each voiced window by itself, before any smoothing. */
  readonly byWindow: ItemsResult;
  /** Each voiced window as a call's timeline publishes it: smoothed over those before it. */
  readonly byPoint: ItemsResult;
  /** Each clip by the mean of its windows' probabilities: what papers print. */
  readonly byClip: ItemsResult;
  readonly bySpeaker: readonly SpeakerResult[];
}

/** A window, a point or a clip with its judgement. */
export interface JudgedItem extends GroupedJudgement {
  readonly probabilities: readonly number[];
  readonly uncertainBelow: number;
}

/** Each window of the clips as an item of its own. */
export function windowItems(clips: readonly ClipJudgement[], labels: readonly string[]): JudgedItem[] {
  return clips.flatMap((clip) => clip.windows.map((window) => itemOf(clip, window, labels)));
}

/** Each window as an item, smoothed as in a call. */
function pointItems(clips: readonly ClipJudgement[], labels: readonly string[]): JudgedItem[] {
  return clips.flatMap((clip) => pointsOf(clip.windows).map((point) => itemOf(clip, point, labels)));
}

/** Each clip as one item, by the mean of its windows. */
export function clipItems(clips: readonly ClipJudgement[], labels: readonly string[]): JudgedItem[] {
  return clips.map((clip) => itemOf(clip, meanProbabilities(clip.windows), labels));
}

function itemOf(
  { corpus, clip, speaker, label, uncertainBelow }: ClipJudgement,
  probabilities: readonly number[],
  labels: readonly string[],
): JudgedItem {
  const judgement = { actual: labels.indexOf(label), predicted: argmax(probabilities) };
  return { ...judgement, clip: `${corpus}/${clip}`, speaker, probabilities, uncertainBelow };
}

/** @param clips of one corpus under one condition @param seed decides the draws of the intervals */
export function corpusResult(
  corpus: string,
  clips: readonly ClipJudgement[],
  labels: readonly string[],
  seed: string,
): CorpusResult {
  const items = clipItems(clips, labels);
  return {
    corpus,
    byWindow: itemsResult(windowItems(clips, labels), labels, seed),
    byPoint: itemsResult(pointItems(clips, labels), labels, seed),
    byClip: itemsResult(items, labels, seed),
    bySpeaker: speakerResults(items, labels),
  };
}

function itemsResult(items: readonly JudgedItem[], labels: readonly string[], seed: string): ItemsResult {
  return {
    ...metricsOf(items, labels),
    interval: uaInterval(items, labels.length, seed),
    reliability: reliabilityOf(items),
    coverage: coverageOf(items),
  };
}

function speakerResults(items: readonly JudgedItem[], labels: readonly string[]): SpeakerResult[] {
  const speakers = [...groupBy(items, ({ speaker }) => speaker)].sort(([a], [b]) => (a < b ? -1 : 1));
  return speakers.map(([speaker, own]) => {
    const { unweightedAccuracy, accuracy } = metricsOf(own, labels);
    return { speaker, clips: own.length, unweightedAccuracy, accuracy };
  });
}
