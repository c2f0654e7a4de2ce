import { UndertoneError } from '../../errors.js';
import { calibrate } from '../../timeline/index.js';
import { meanNll } from './clip-predictions.js';
import { argmax } from './metrics.js';

/** A window of known class and what the model said of it. */
export interface JudgedWindow {
  readonly actual: number;
  /** Sums to 1. */
  readonly probabilities: ArrayLike<number>;
}

const TEMPERATURES = { lowest: 0.2, highest: 5, precision: 1e-3 };
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature with the smallest negative log-likelihood (Guo et al. 2017), searched by golden section on its
 * logarithm: in it the likelihood has one minimum.
 */
export function fitTemperature(windows: readonly JudgedWindow[]): number {
  const loss = (logarithm: number) => nllAt(windows, Math.exp(logarithm));
  let [low, high] = [Math.log(TEMPERATURES.lowest), Math.log(TEMPERATURES.highest)];
  while (high - low > TEMPERATURES.precision) {
    const reach = GOLDEN * (high - low);
    if (loss(high - reach) < loss(low + reach)) high = low + reach;
    else low = high - reach;
  }
  return Math.round(Math.exp((low + high) / 2) * 1000) / 1000;
}

function nllAt(windows: readonly JudgedWindow[], temperature: number): number {
  return meanNll(
    windows.map(({ actual, probabilities }) => ({
      actual,
      probabilities: [...calibrate(probabilities, temperature)],
    })),
  );
}

export interface UncertaintyThreshold {
  /** Least confidence with which a label is given. */
  readonly threshold: number;
  /** Of the windows with at least this confidence, the share that is right … */
  readonly precision: number;
  /** … and the share of all windows that they are. */
  readonly coverage: number;
}

/** Windows that must be left for a precision to mean something. */
const MIN_WINDOWS = 30;

/**
 * The lowest threshold that reaches a precision; where none does, the one with the highest precision.
 * @param windows calibrated, at least one
 * @throws UT_TRAINING_BAD_OPTIONS where the probabilities are no numbers
 */
export function chooseThreshold(
  windows: readonly JudgedWindow[],
  wantedPrecision: number,
): UncertaintyThreshold {
  const judged = windows
    .map(({ actual, probabilities }) => {
      const predicted = argmax(probabilities);
      return { confidence: probabilities[predicted]!, right: predicted === actual };
    })
    .sort((a, b) => b.confidence - a.confidence);
  const candidates: UncertaintyThreshold[] = [];
  let right = 0;
  judged.forEach((window, i) => {
    right += Number(window.right);
    const covered = i + 1;
    const threshold = Math.floor(window.confidence * 1000) / 1000;
    // A threshold takes all windows that reach it: those of equal confidence can not be parted.
    const isWhole = (judged[covered]?.confidence ?? -1) < threshold;
    if (isWhole && covered >= Math.min(MIN_WINDOWS, judged.length))
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

/** How sure a model may be, learnt from windows of people that it never heard. */
export interface Calibration {
  readonly temperature: number;
  readonly windows: number;
  readonly wantedPrecision: number;
  readonly uncertain: UncertaintyThreshold;
}

/** Temperature, and the threshold that reaches a precision at it. @param windows uncalibrated, at least one */
export function learnCalibration(windows: readonly JudgedWindow[], wantedPrecision: number): Calibration {
  const temperature = fitTemperature(windows);
  const calibrated = windows.map(({ actual, probabilities }) => ({
    actual,
    probabilities: calibrate(probabilities, temperature),
  }));
  const uncertain = chooseThreshold(calibrated, wantedPrecision);
  return { temperature, windows: windows.length, wantedPrecision, uncertain };
}
