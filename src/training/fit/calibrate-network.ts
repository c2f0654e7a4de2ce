import { calibrate } from '../../timeline/index.js';
import { chooseThreshold, fitTemperature, type UncertaintyThreshold } from '../evaluate/calibration.js';
import type { Trainer } from './trainer.js';

/** How sure the model may be, learnt from the validation speakers' windows. */
export interface Calibration {
  readonly temperature: number;
  readonly windows: number;
  readonly wantedPrecision: number;
  readonly uncertain: UncertaintyThreshold;
}

/** Calibrates the weights that the trainer's network holds now; `null` without validation clips. */
export function calibrateNetwork(trainer: Trainer, wantedPrecision: number): Calibration | null {
  const windows = trainer.validationWindows();
  if (windows.length === 0) return null;
  const temperature = fitTemperature(windows);
  const calibrated = windows.map(({ actual, probabilities }) => ({
    actual,
    probabilities: calibrate(probabilities, temperature),
  }));
  const uncertain = chooseThreshold(calibrated, wantedPrecision);
  return { temperature, windows: windows.length, wantedPrecision, uncertain };
}
