import { join } from 'node:path';
import { z } from 'zod';
import { UndertoneError } from '../../errors.js';
import { loadBundle } from '../../inference/index.js';
import type { Calibration } from '../evaluate/calibration.js';
import { renderCard } from '../evaluate/card/card.js';
import { readEvaluation } from '../evaluate/read-evaluation.js';
import { writeFileAtomically } from '../files.js';

const calibrationSchema = z.object({
  labels: z.array(z.string()),
  calibration: z.object({
    temperature: z.number().positive(),
    windows: z.number(),
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

/**
 * Gives a bundle that trained on everybody the figures of the folds of its recipe: its card and its `evaluation.json`.
 * @param file as crossValidate wrote it
 * @returns the card
 * @throws UT_TRAINING_BAD_DATA where the figures are of one model, or of other labels
 */
export async function adoptFoldFigures(folder: string, file: string): Promise<string> {
  const bundle = await loadBundle(folder);
  const evaluation = await readEvaluation(file);
  if (evaluation.foldCount < 2 || `${evaluation.labels}` !== `${bundle.labels}`) {
    const detail = `its figures are of ${evaluation.foldCount} model(s) for ${evaluation.labels.join(', ')}; those of several folds for ${bundle.labels.join(', ')} are needed.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: file });
  }
  const trainedBy = bundle.training.protocol as string;
  const own = { ...evaluation, trainedBy };
  await writeFileAtomically(join(folder, 'evaluation.json'), `${JSON.stringify(own, null, 2)}\n`);
  const card = join(folder, 'card.md');
  await writeFileAtomically(card, renderCard(bundle, own, { picture: null, optimization: null }));
  return card;
}
