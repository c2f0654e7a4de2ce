import { type Calibration, learnCalibration } from '../evaluate/calibration.js';
import type { Trainer } from './trainer.js';

/** Calibrates the weights that the trainer's network holds now; `null` without validation clips. */
export function calibrateNetwork(trainer: Trainer, wantedPrecision: number): Calibration | null {
  const clips = trainer.validationClips();
  return clips.length === 0 ? null : learnCalibration(clips, wantedPrecision);
}
