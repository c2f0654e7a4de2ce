import type { Judged } from './calibration.js';
import { judge } from './reliability.js';

/** What is left where a model may say that it does not know. */
export interface CoveragePoint {
  /** Least confidence of what is kept. */
  readonly threshold: number;
  /** Share of the items that is kept. */
  readonly coverage: number;
  /** Of these, the share that is right. */
  readonly accuracy: number;
}

export interface Coverage {
  /** From the surest items to all of them, about {@link CURVE_POINTS} of them: no two of the same threshold. */
  readonly curve: readonly CoveragePoint[];
  /** Area under the curve of risk over coverage (Geifman & El-Yaniv 2017): mean error over the surest 1, 2, … all items. */
  readonly aurc: number;
  /** Items that are at least as sure as the threshold of `uncertain` of the model that judged them. */
  readonly confident: { readonly coverage: number; readonly precision: number | null };
}

/** An item with the threshold of the model that judged it. */
export interface CoveredItem extends Judged {
  readonly uncertainBelow: number;
}

const CURVE_POINTS = 20;

export function coverageOf(items: readonly CoveredItem[]): Coverage {
  const judged = items
    .map((item) => ({ ...judge(item), uncertainBelow: item.uncertainBelow }))
    .sort((a, b) => b.confidence - a.confidence);
  const rightAmong = cumulated(judged.map(({ right }) => Number(right)));
  const confident = judged.filter(({ confidence, uncertainBelow }) => confidence >= uncertainBelow);
  return {
    curve: curveOf(judged, rightAmong),
    aurc: mean(rightAmong.map((right, i) => 1 - right / (i + 1))),
    confident: {
      coverage: confident.length / Math.max(1, items.length),
      precision: confident.length === 0 ? null : mean(confident.map(({ right }) => Number(right))),
    },
  };
}

/** Items of equal confidence can not be parted: a point takes all of them. */
function curveOf(
  judged: readonly { readonly confidence: number }[],
  rightAmong: readonly number[],
): CoveragePoint[] {
  const points: CoveragePoint[] = [];
  for (let step = 1; step <= CURVE_POINTS && judged.length > 0; step++) {
    const threshold = judged[Math.ceil((judged.length * step) / CURVE_POINTS) - 1]!.confidence;
    if (threshold === points.at(-1)?.threshold) continue;
    const last = judged.findLastIndex(({ confidence }) => confidence >= threshold);
    const coverage = (last + 1) / judged.length;
    points.push({ threshold, coverage, accuracy: rightAmong[last]! / (last + 1) });
  }
  return points;
}

function cumulated(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
