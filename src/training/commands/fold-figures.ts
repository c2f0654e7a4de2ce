import { z } from 'zod';
import { UndertoneError } from '../../errors.js';
import type { Bundle } from '../../inference/index.js';
import { bundleLabels } from '../bundle-labels.js';
import type { Calibration } from '../evaluate/calibration.js';
import { readEvaluation } from '../evaluate/evaluation-file.js';
import { outputsOf, type ProtocolName, protocolOf } from '../protocols.js';

const calibrationSchema = z.object({
  temperature: z.number().positive(),
  points: z.number(),
  wantedPrecision: z.number(),
  uncertain: z.object({ threshold: z.number(), precision: z.number(), coverage: z.number() }),
});
const figuresSchema = z.object({ labels: z.array(z.string()), calibration: calibrationSchema });

/**
 * What a model of the same recipe may be calibrated by.
 * @param file as crossValidate wrote it
 * @param protocol that trains the model
 * @throws UT_TRAINING_BAD_DATA where it holds no calibration for the labels that the protocol's bundles answer with
 */
export async function readFoldCalibration(file: string, protocol: ProtocolName): Promise<Calibration> {
  const { labels } = bundleLabels(outputsOf(protocolOf(protocol)));
  const parsed = figuresSchema.safeParse(await readEvaluation(file));
  if (parsed.success && `${parsed.data.labels}` === `${labels}`) return parsed.data.calibration;
  const found = parsed.success ? `is for ${parsed.data.labels.join(', ')}` : 'holds no calibration';
  const detail = `it ${found}; the model answers with ${labels.join(', ')}.`;
  throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: file });
}

/** What a bundle was calibrated by, or `null` where its training does not say. */
export function recordedCalibration({ calibration }: Bundle['training']): Calibration | null {
  const parsed = calibrationSchema.safeParse(calibration);
  return parsed.success ? parsed.data : null;
}
