import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
});

it('what was judged of older weights goes, what the evaluation did not write stays', async () => {
  const kept = ['bundle.json', 'model.keras', 'notes.md', 'tess-evaluation.json'];
  for (const name of [...kept, 'card.md', 'evaluation.json', 'confusion-tess.png'])
    await writeFile(join(root, name), '');
  await removeResults(root);
  expect((await readdir(root)).sort()).toEqual(kept);
  await removeResults(join(root, 'nowhere'));
});
