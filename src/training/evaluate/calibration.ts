import { UndertoneError } from '../../errors.js';
import { meanNll } from './clip-predictions.js';
import { argmax } from './metrics.js';
import { type HeardClip, pointsOf } from './points.js';

/** A point, window or clip of known class and what the model said of it. */
export interface Judged {
  readonly actual: number;
  /** Sums to 1. */
  readonly probabilities: ArrayLike<number>;
}

const TEMPERATURES = { lowest: 0.2, highest: 5, precision: 1e-3 };
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature of the windows with which the points have the smallest negative log-likelihood (after Guo et al. 2017,
 * who scale what is then published; here it is smoothed in between), searched by golden section on its logarithm.
 */
export function fitTemperature(clips: readonly HeardClip[]): number {
  const loss = (logarithm: number) => meanNll(judgedPoints(clips, Math.exp(logarithm)));
  let [low, high] = [Math.log(TEMPERATURES.lowest), Math.log(TEMPERATURES.highest)];
  while (high - low > TEMPERATURES.precision) {
    const reach = GOLDEN * (high - low);
    if (loss(high - reach) < loss(low + reach)) high = low + reach;
    else low = high - reach;
  }
  return Math.round(Math.exp((low + high) / 2) * 1000) / 1000;
}

function judgedPoints(clips: readonly HeardClip[], temperature: number) {
  return clips.flatMap(({ actual, windows }) =>
    pointsOf(windows, temperature).map((probabilities) => ({ actual, probabilities })),
  );
}

export interface UncertaintyThreshold {
  /** Least confidence with which a label is given. */
  readonly threshold: number;
  /** Of the points with at least this confidence, the share that is right … */
  readonly precision: number;
  /** … and the share of all points that they are. */
  readonly coverage: number;
}

/** Points that must be left for a precision to mean something. */
const MIN_POINTS = 30;

/**
 * The lowest threshold that reaches a precision; where none does, the one with the highest precision.
 * @param points calibrated and smoothed, at least one
 * @throws UT_TRAINING_BAD_OPTIONS where the probabilities are no numbers
 */
export function chooseThreshold(points: readonly Judged[], wantedPrecision: number): UncertaintyThreshold {
  const judged = points
    .map(({ actual, probabilities }) => {
      const predicted = argmax(probabilities);
      return { confidence: probabilities[predicted]!, right: predicted === actual };
    })
    .sort((a, b) => b.confidence - a.confidence);
  const candidates: UncertaintyThreshold[] = [];
  let right = 0;
  judged.forEach((point, i) => {
    right += Number(point.right);
    const covered = i + 1;
    const threshold = Math.floor(point.confidence * 1000) / 1000;
    // A threshold takes all points that reach it: those of equal confidence can not be parted.
    const isWhole = (judged[covered]?.confidence ?? -1) < threshold;
    if (isWhole && covered >= Math.min(MIN_POINTS, judged.length))
      candidates.push({ threshold, precision: right / covered, coverage: covered / judged.length });
  });
  if (candidates.length === 0) {
    const detail = 'the network gives no probabilities that a threshold could be learnt from.';
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--learning-rate' });
  }
  const reaching = candidates.findLast(({ precision }) => precision >= wantedPrecision);
  return (
    reaching ??
    candidates.reduce((best, candidate) => (candidate.precision > best.precision ? candidate : best))
  );
}

/** How sure a model may be, learnt from what a call's timeline would say of people that it never heard. */
export interface Calibration {
  readonly temperature: number;
  readonly points: number;
  readonly wantedPrecision: number;
  readonly uncertain: UncertaintyThreshold;
}

/** Temperature, and the threshold that reaches a precision at it. @param clips uncalibrated, at least one */
export function learnCalibration(clips: readonly HeardClip[], wantedPrecision: number): Calibration {
  const temperature = fitTemperature(clips);
  const points = judgedPoints(clips, temperature);
  const uncertain = chooseThreshold(points, wantedPrecision);
  return { temperature, points: points.length, wantedPrecision, uncertain };
}
