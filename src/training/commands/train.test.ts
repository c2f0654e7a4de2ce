import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import { RECIPES } from '../recipes.js';
import { removeResults } from './evaluate.js';
import { type TrainOptions, trainBundle } from './train.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-train-'));
});
afterEach(() => rm(root, { recursive: true }));

const options = (changes: Partial<TrainOptions>): TrainOptions => ({
  data: [join(root, 'data')],
  protocol: 'release',
  run: join(root, 'run'),
  bundle: join(root, 'bundle'),
  name: 'model',
  recipe: RECIPES.quarter,
  ...changes,
});

describe('before any training', () => {
  it.each(['a/b', '', '.hidden', 'ein Modell'])('the name %j is refused', async (name) => {
    await expect(trainBundle(options({ name }))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      place: '--name',
    });
  });

  it('a folder that can not be made is refused', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(trainBundle(options({ bundle: join(root, 'file', 'bundle') }))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      place: '--out',
    });
  });
  it.each([undefined, 'fold-6'])('the fold %j of a protocol that has others is refused', async (fold) => {
    const data = join(root, 'data');
    await mkdir(data);
    const settings = { format: 1, corpus: 'tess', frontEnd: DEFAULT_FRONT_END, noises: [] };
    await writeFile(join(data, 'prepare.json'), JSON.stringify(settings));
    await writeFile(join(data, 'finished.json'), JSON.stringify({ clips: 0 }));
    const asked = options({ protocol: 'ravdess-5fold', ...(fold === undefined ? {} : { fold }) });
    await expect(trainBundle(asked)).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      place: '--fold',
      message: expect.stringContaining('fold-1, fold-2, fold-3, fold-4, fold-5'),
    });
  });
});

it('what was judged of older weights goes, what the evaluation did not write stays', async () => {
  const kept = ['bundle.json', 'model.keras', 'notes.md', 'tess-evaluation.json'];
  for (const name of [...kept, 'card.md', 'evaluation.json', 'report.html', 'confusion-tess.png'])
    await writeFile(join(root, name), '');
  await removeResults(root);
  expect((await readdir(root)).sort()).toEqual(kept);
  await removeResults(join(root, 'nowhere'));
});
