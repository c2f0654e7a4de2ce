import { calibrate } from '../../timeline/index.js';
import { type Calibration, learnCalibration } from './calibration.js';
import { AS_PREPARED, HEADLINE } from './conditions.js';
import { type ClipJudgement, roundedProbabilities } from './judgements.js';
import type { HeardClip } from './points.js';

/**
 * Learns temperature and threshold from what models said of their test clips, uncalibrated, under the headline condition
 * (as prepared where no line was judged).
 * @throws UT_TRAINING_BAD_OPTIONS where there is nothing to learn from
 */
export function calibrationOf(
  judgements: readonly ClipJudgement[],
  labels: readonly string[],
  wantedPrecision: number,
): Calibration {
  return learnCalibration(heardClips(judgements, labels), wantedPrecision);
}

/**
 * Calibrates each fold by what is learnt from all the others: their test speakers are neither heard nor tested by its
 * model, so that nobody has to be kept from training for it.
 * @param folds uncalibrated judgements, at least two folds
 */
export function crossCalibrate(
  folds: readonly (readonly ClipJudgement[])[],
  labels: readonly string[],
  wantedPrecision: number,
): ClipJudgement[][] {
  return folds.map((own, i) => {
    const others = folds.filter((_, k) => k !== i).flat();
    return recalibrated(own, calibrationOf(others, labels, wantedPrecision));
  });
}

function recalibrated(
  judgements: readonly ClipJudgement[],
  { temperature, uncertain }: Calibration,
): ClipJudgement[] {
  return judgements.map((judgement) => ({
    ...judgement,
    uncertainBelow: uncertain.threshold,
    windows: judgement.windows.map((window) => roundedProbabilities(calibrate(window, temperature))),
  }));
}

function heardClips(judgements: readonly ClipJudgement[], labels: readonly string[]): HeardClip[] {
  const headline = judgements.filter(({ condition }) => condition === HEADLINE.name);
  const judged =
    headline.length > 0 ? headline : judgements.filter(({ condition }) => condition === AS_PREPARED.name);
  return judged.map(({ label, windows }) => ({ actual: labels.indexOf(label), windows }));
}
