import type { Judged } from './calibration.js';
import { argmax } from './metrics.js';

/** Items whose confidence lies in [from, to), in the last bin in [from, to]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly items: number;
  /** Mean confidence and share that is right; `null` in an empty bin. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** How far what a model says of its own sureness can be believed. */
export interface Reliability {
  /** Expected calibration error (Guo et al. 2017): mean over the items of |accuracy − confidence| of their bin. */
  readonly ece: number;
  /** {@link ECE_BINS} of equal width. */
  readonly bins: readonly ReliabilityBin[];
  /** Mean negative log-likelihood of the right class, in nats. */
  readonly nll: number;
  /** Mean squared distance of the probabilities to the truth, over all classes (Brier 1950): 0…2. */
  readonly brier: number;
}

export const ECE_BINS = 15;

/** @param items calibrated; a clip is the mean of its windows */
export function reliabilityOf(items: readonly Judged[]): Reliability {
  const judged = items.map(judge);
  const bins = Array.from({ length: ECE_BINS }, (_, bin) => {
    const inside = judged.filter(({ confidence }) => binOf(confidence) === bin);
    return {
      from: bin / ECE_BINS,
      to: (bin + 1) / ECE_BINS,
      items: inside.length,
      confidence: meanOrNull(inside.map(({ confidence }) => confidence)),
      accuracy: meanOrNull(inside.map(({ right }) => Number(right))),
    };
  });
  const gaps = bins.map((bin) => bin.items * Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0)));
  return {
    ece: gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, items.length),
    bins,
    nll: meanOrNull(items.map(nll)) ?? 0,
    brier: meanOrNull(items.map(brier)) ?? 0,
  };
}

/** The likeliest class of an item: how sure the model is of it, and whether it is the right one. */
export function judge({ actual, probabilities }: Judged): { confidence: number; right: boolean } {
  const predicted = argmax(probabilities);
  return { confidence: probabilities[predicted]!, right: predicted === actual };
}

const binOf = (confidence: number) => Math.min(ECE_BINS - 1, Math.floor(confidence * ECE_BINS));

function nll({ actual, probabilities }: Judged): number {
  return -Math.log(Math.max(1e-7, probabilities[actual]!));
}

function brier({ actual, probabilities }: Judged): number {
  return Array.from(probabilities).reduce((sum, p, i) => sum + (p - Number(i === actual)) ** 2, 0);
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
