import { z } from 'zod';
import { UndertoneError } from '../../errors.js';
import type { Calibration } from '../evaluate/calibration.js';
import { readEvaluation } from '../evaluate/evaluation-file.js';

const calibrationSchema = z.object({
  labels: z.array(z.string()),
  calibration: z.object({
    temperature: z.number().positive(),
    points: z.number(),
    wantedPrecision: z.number(),
    uncertain: z.object({ threshold: z.number(), precision: z.number(), coverage: z.number() }),
  }),
});

/**
 * What a model of the same recipe and labels may be calibrated by.
 * @param file as crossValidate wrote it
 * @throws UT_TRAINING_BAD_DATA where it holds no calibration for these labels
 */
export async function readFoldCalibration(file: string, labels: readonly string[]): Promise<Calibration> {
  const parsed = calibrationSchema.safeParse(await readEvaluation(file));
  if (parsed.success && `${parsed.data.labels}` === `${labels}`) return parsed.data.calibration;
  const found = parsed.success ? `is for ${parsed.data.labels.join(', ')}` : 'holds no calibration';
  const detail = `it ${found}; the model tells apart ${labels.join(', ')}.`;
  throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: file });
}
