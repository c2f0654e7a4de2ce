import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UndertoneError } from '../../errors.js';
import { writeFileAtomically } from '../files.js';

const clipJudgement = z.strictObject({
  /** Name of the {@link Condition} under which the clip was heard. */
  condition: z.string(),
  corpus: z.string(),
  /** Of the prepared clip. */
  clip: z.string(),
  speaker: z.string(),
  /** What it is: one of the labels of the model. */
  label: z.string(),
  /** The model's threshold: of a less sure window it would have said `uncertain`. */
  uncertainBelow: z.number(),
  /** Calibrated probabilities [windows][labels], in the order of the model's labels; rounded to {@link DECIMALS}. */
  windows: z.array(z.array(z.number())).min(1),
});

/**
 * What a model said of one clip under one condition. All figures are made from these, and those of several folds,
 * models of their own, are pooled by putting their judgements together.
 */
export type ClipJudgement = Readonly<z.infer<typeof clipJudgement>>;

const DECIMALS = 1e6;

/** Probabilities as judgements hold them, so that figures are the same whether they come from memory or from a file. */
export function roundedProbabilities(probabilities: ArrayLike<number>): number[] {
  return Array.from(probabilities, (p) => Math.round(p * DECIMALS) / DECIMALS);
}

/** Writes judgements as JSON lines, one a clip and condition, after a line that names the labels. */
export async function writeJudgements(
  path: string,
  labels: readonly string[],
  judgements: readonly ClipJudgement[],
): Promise<void> {
  const lines = [{ labels }, ...judgements].map((line) => `${JSON.stringify(line)}\n`);
  await writeFileAtomically(path, lines.join(''));
}

/** @throws UT_TRAINING_BAD_DATA where the file is none of {@link writeJudgements} */
export async function readJudgements(
  path: string,
): Promise<{ readonly labels: string[]; readonly judgements: ClipJudgement[] }> {
  try {
    const [head, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const { labels } = z.object({ labels: z.array(z.string()) }).parse(JSON.parse(head!));
    return { labels, judgements: lines.map((line) => clipJudgement.parse(JSON.parse(line))) };
  } catch (cause) {
    const detail = `it holds no judgements that can be read (${(cause as Error).message}).`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: path, cause });
  }
}
