import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EMOTIONS } from '../../inference/index.js';
import { HEADLINE } from '../evaluate/conditions.js';
import { evaluationOf } from '../evaluate/evaluation.js';
import type { ClipJudgement } from '../evaluate/judgements.js';
import { readFoldCalibration } from './fold-figures.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-figures-'));
});
afterEach(() => rm(root, { recursive: true }));

const CALIBRATION = {
  temperature: 1.2,
  points: 9,
  wantedPrecision: 0.75,
  uncertain: { threshold: 0.4, precision: 0.76, coverage: 0.8 },
};

/** Figures of as many folds as asked, each with a clip that was heard rightly. */
async function figures(folds: number, labels: readonly string[] = EMOTIONS): Promise<string> {
  const judgement = (fold: number): ClipJudgement => ({
    condition: HEADLINE.name,
    corpus: 'tess',
    clip: `clip-${fold}`,
    speaker: `tess/${fold}`,
    label: labels[0]!,
    uncertainBelow: 0.4,
    windows: [labels.map((_, i) => (i === 0 ? 1 : 0))],
  });
  const facts = {
    modelId: 'folds',
    labels,
    protocol: 'ravdess-7',
    description: 'five folds',
    trainedBy: 'ravdess-7',
    leaks: false,
    noises: [],
    noisesHeard: null,
    duplicates: 0,
    seed: '1',
  };
  const judged = Array.from({ length: folds }, (_, fold) => [judgement(fold)]);
  const path = join(root, 'figures.json');
  await writeFile(path, JSON.stringify({ ...evaluationOf(facts, judged), calibration: CALIBRATION }));
  return path;
}

it('a model can be calibrated by the folds, if they know the labels that it answers with', async () => {
  // It tells calm from neutral inside, and answers with neutral for both.
  expect(await readFoldCalibration(await figures(2), 'release')).toEqual(CALIBRATION);
  await expect(readFoldCalibration(await figures(2), 'emodb-loso')).rejects.toThrow(/answers with .*boredom/);
});
