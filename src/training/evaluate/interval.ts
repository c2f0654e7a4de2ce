import { groupBy } from '../group.js';
import { Random } from '../random.js';
import type { Judgement } from './metrics.js';

/** 95 % interval of an unweighted accuracy, by the bootstrap's percentiles (Efron 1979). */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** What was drawn again and again: whole speakers where there are enough of them, else clips. */
  readonly over: 'speakers' | 'clips';
  /** How many of these there are. */
  readonly groups: number;
}

/** An item, with the clip it is of and who speaks. */
export interface GroupedJudgement extends Judgement {
  readonly clip: string;
  readonly speaker: string;
}

const RESAMPLES = 1000;
const TAIL = 0.025;
/** With fewer speakers than this the spread among them can not be seen from resampling them. */
const MIN_SPEAKERS = 8;

/**
 * How far UA would vary with other speakers, or with other clips of the same ones. Items of one speaker or clip stay
 * together: they are alike. @param classes number of labels @param seed decides the draws
 */
export function uaInterval(items: readonly GroupedJudgement[], classes: number, seed: string): Interval {
  const speakers = groupsOf(items, ({ speaker }) => speaker, classes);
  const over = speakers.length >= MIN_SPEAKERS ? 'speakers' : 'clips';
  const groups = over === 'speakers' ? speakers : groupsOf(items, ({ clip }) => clip, classes);
  const random = new Random(`${seed}/bootstrap`);
  const accuracies = Array.from({ length: RESAMPLES }, () => resampledUa(groups, classes, random));
  accuracies.sort((a, b) => a - b);
  const at = (share: number) => accuracies[Math.round(share * (RESAMPLES - 1))]!;
  return { low: at(TAIL), high: at(1 - TAIL), over, groups: groups.length };
}

/** By class: items, then those that are right: Float64Array [2 · classes]. */
type Counts = Float64Array;

function groupsOf(
  items: readonly GroupedJudgement[],
  keyOf: (item: GroupedJudgement) => string,
  classes: number,
): Counts[] {
  const groups = [...groupBy(items, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups.map(([, group]) => countsOf(group, classes));
}

function countsOf(items: readonly Judgement[], classes: number): Counts {
  const counts = new Float64Array(2 * classes);
  for (const { actual, predicted } of items) {
    counts[actual]! += 1;
    if (predicted === actual) counts[classes + actual]! += 1;
  }
  return counts;
}

function resampledUa(groups: readonly Counts[], classes: number, random: Random): number {
  const sum = new Float64Array(2 * classes);
  for (let draw = 0; draw < groups.length; draw++) {
    const counts = groups[random.integer(0, groups.length - 1)]!;
    for (let i = 0; i < sum.length; i++) sum[i]! += counts[i]!;
  }
  let [recalls, occurring] = [0, 0];
  for (let i = 0; i < classes; i++) {
    if (sum[i] === 0) continue;
    recalls += sum[classes + i]! / sum[i]!;
    occurring++;
  }
  return occurring === 0 ? 0 : recalls / occurring;
}
