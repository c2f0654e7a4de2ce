import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createOnnxClassifier,
  EMOTIONS,
  filtersAt,
  type KerasModel,
  readKerasFile,
  type Vgg16Architecture,
  vgg16Of,
  writeKerasArchive,
} from '../../src/inference/index.js';
import { noise } from '../support/noise.js';
import { hasPython, runPython } from '../support/python.js';
import { randomVgg16 } from '../support/random-vgg16.js';

const JUDGE = fileURLToPath(new URL('keras_judge.py', import.meta.url));
const WINDOWS = 4;

interface Judgement {
  readonly class: string;
  readonly probabilities: readonly number[][];
}

const architecture: Vgg16Architecture = {
  inputShape: [64, 32, 1],
  filters: filtersAt(1 / 16),
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0.3 },
  classes: EMOTIONS.length,
};

const [FRAMES, MELS] = [64, 32];
const windows = noise(WINDOWS * FRAMES * MELS, 5);

/** The engine's probabilities for each window. */
async function engineAnswers(model: KerasModel): Promise<Float32Array[]> {
  const network = vgg16Of(model, model.name);
  const classifier = createOnnxClassifier({ bundle: { labels: EMOTIONS, network }, threads: 1 });
  await classifier.start();
  const answers = Array.from({ length: WINDOWS }, (_, i) =>
    classifier.classify(windows.subarray(i * FRAMES * MELS, (i + 1) * FRAMES * MELS)),
  );
  await classifier.close();
  return Promise.all(answers);
}

describe.skipIf(!hasPython())('Keras in Python is the judge of .keras files:', () => {
  const ours = {
    'batch norm and average pooling': randomVgg16(architecture, 11),
    'flatten and dense layers': randomVgg16(
      { ...architecture, batchNorm: false, head: { pooling: 'flatten', dense: [12, 9], dropout: 0.5 } },
      12,
    ),
  };
  const judgements = new Map<string, Judgement>();
  const theirs = new Map<string, KerasModel>();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-keras-'));
    const at = (name: string) => join(folder, `${name}.keras`);
    const kinds = (await runPython(JUDGE, ['make', folder])) as string[];
    for (const kind of kinds) theirs.set(kind, await readKerasFile(await readFile(at(kind)), at(kind)));
    const again = [...theirs].map(([kind, model]) => [`${kind} again`, model] as const);
    for (const [name, model] of [...Object.entries(ours), ...again]) {
      await writeFile(at(name), await writeKerasArchive(model));
    }
    const names = [...kinds, ...again.map(([name]) => name), ...Object.keys(ours)];
    await writeFile(join(folder, 'windows'), windows);
    const answers = await runPython(JUDGE, ['predict', join(folder, 'windows'), ...names.map(at)]);
    names.forEach((name, i) => {
      judgements.set(name, (answers as Judgement[])[i]!);
    });
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true }));

  async function expectSameAnswers(name: string, model: KerasModel): Promise<void> {
    const { probabilities } = judgements.get(name)!;
    for (const [i, answer] of (await engineAnswers(model)).entries()) {
      const difference = answer.map((probability, label) =>
        Math.abs(probability - probabilities[i]![label]!),
      );
      expect(Math.max(...difference)).toBeLessThan(1e-4);
    }
    expect(Math.max(...probabilities.flat())).toBeLessThan(0.99);
  }

  test.each(Object.entries(ours))(
    'it opens what Undertone wrote, and predicts the same (%s)',
    async (name, model) => {
      await expectSameAnswers(name, model);
      expect(judgements.get(name)!.class).toBe('Sequential');
    },
  );

  test.each(['sequential', 'functional'])(
    'Undertone reads its %s model, and predicts the same',
    async (kind) => {
      await expectSameAnswers(kind, theirs.get(kind)!);
    },
  );

  test.each(['sequential', 'functional'])(
    'it opens its %s model after Undertone wrote it again',
    async (kind) => {
      expect(judgements.get(`${kind} again`)!.probabilities).toEqual(judgements.get(kind)!.probabilities);
    },
  );
});
