import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleDirectory } from '../../src/app/bundle-directory.js';
import { configSchema } from '../../src/config/index.js';
import { inputLengthOf } from '../../src/features/index.js';
import {
  type Bundle,
  createOnnxClassifier,
  EMOTIONS,
  loadBundle,
  loadFloat32,
} from '../../src/inference/index.js';
import { noise } from '../support/noise.js';
import { runPython } from '../support/python.js';
import { describeWith } from '../support/requirements.js';

const JUDGE = fileURLToPath(new URL('keras_judge.py', import.meta.url));
const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
const WINDOWS = 4;
const EDGE_BYTES = 1e6;

const bundles = readdirSync(MODELS);
const withFloat32 = bundles.filter((name) => existsSync(join(MODELS, name, 'model.keras')));

async function answersOf(
  bundle: Parameters<typeof createOnnxClassifier>[0]['bundle'],
  windows: Float32Array,
) {
  const classifier = createOnnxClassifier({ bundle, threads: 1 });
  await classifier.start();
  try {
    const length = windows.length / WINDOWS;
    return await Promise.all(
      Array.from({ length: WINDOWS }, (_, i) =>
        classifier.classify(windows.slice(i * length, (i + 1) * length)),
      ),
    );
  } finally {
    await classifier.close();
  }
}

describe('the bundles that come with Undertone', () => {
  it('hold the one that is used where none is named', () => {
    expect(bundles.map((name) => join(MODELS, name))).toContain(
      bundleDirectory(configSchema.parse({}).model),
    );
  });

  it.each(bundles)('%s tells the seven emotions apart', async (name) => {
    const bundle = await loadBundle(join(MODELS, name));
    expect(bundle.labels).toEqual([...EMOTIONS]);
    for (const answer of await answersOf(bundle, noise(WINDOWS * inputLengthOf(bundle.frontEnd), 7)))
      expect(answer.reduce((sum, p) => sum + p)).toBeCloseTo(1, 4);
  });

  it('vgg16-edge needs no more than a megabyte', () => {
    const folder = join(MODELS, 'vgg16-edge');
    const models = readdirSync(folder).filter((file) => /\.(onnx|keras)$/.test(file));
    const bytes = models.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(EDGE_BYTES);
  });
});

/** Outputs of the network as the bundle answers: those that count as one label are added. */
function asLabels(outputs: readonly number[], { labels, outputs: counted = labels }: Bundle): number[] {
  return labels.map((label) => outputs.reduce((sum, p, i) => sum + (counted[i] === label ? p : 0), 0));
}

describeWith(['python'], 'the bundles that come with Undertone', () => {
  it.each(withFloat32)(
    '%s opens in Python Keras unchanged and predicts the same there',
    async (name) => {
      const bundle = await loadFloat32(join(MODELS, name));
      const windows = noise(WINDOWS * inputLengthOf(bundle.frontEnd), 7);
      const folder = await mkdtemp(join(tmpdir(), 'undertone-shipped-'));
      try {
        await writeFile(join(folder, 'windows'), windows);
        const asked = ['predict', join(folder, 'windows'), join(MODELS, name, 'model.keras')];
        const [{ probabilities }] = (await runPython(JUDGE, asked)) as [{ probabilities: number[][] }];
        (await answersOf(bundle, windows)).forEach((ours, i) => {
          asLabels(probabilities[i]!, bundle).forEach((p, k) => {
            expect(Math.abs(ours[k]! - p)).toBeLessThan(1e-4);
          });
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    120_000,
  );
});
