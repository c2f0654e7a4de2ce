import { readFile } from 'node:fs/promises';
import { UndertoneError } from '../../errors.js';
import { EVALUATION_FORMAT, type Evaluation } from './evaluation.js';

const DECIMALS = 1e6;

/** The text of an `evaluation.json`, its numbers rounded to six decimals: more would only say which machine added them up. */
export function evaluationText(evaluation: Evaluation): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * DECIMALS) / DECIMALS : value;
  return `${JSON.stringify(evaluation, rounded, 1)}\n`;
}

/** @throws UT_TRAINING_BAD_DATA where the file is no evaluation, or one of another version */
export async function readEvaluation(place: string): Promise<Evaluation> {
  const evaluation = await read(place);
  if (evaluation.formatVersion === EVALUATION_FORMAT) return evaluation as Evaluation;
  const found = evaluation.formatVersion ?? 'none';
  const detail = `it has the format ${found}, this version reads ${EVALUATION_FORMAT}. Run \`undertone evaluate\` again.`;
  throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place });
}

async function read(place: string): Promise<{ readonly formatVersion?: unknown }> {
  try {
    return JSON.parse(await readFile(place, 'utf8'));
  } catch (cause) {
    const detail = `no evaluation can be read there (${(cause as Error).message}). Run \`undertone evaluate\` first.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place, cause });
  }
}
