import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundleDirectory } from '../../src/app/bundle-directory.js';
import { configSchema } from '../../src/config/index.js';
import { inputLengthOf } from '../../src/features/index.js';
import { createOnnxClassifier, EMOTIONS, loadBundle } from '../../src/inference/index.js';
import { noise } from '../support/noise.js';
import { runPython } from '../support/python.js';
import { describeWith } from '../support/requirements.js';

const JUDGE = fileURLToPath(new URL('keras_judge.py', import.meta.url));
const WINDOWS = 4;

describeWith(['python'], 'the bundle that comes with Undertone', () => {
  it('opens in Python Keras unchanged and predicts the same there', async () => {
    const directory = bundleDirectory(configSchema.parse({}).model);
    const bundle = await loadBundle(directory);
    const length = inputLengthOf(bundle.frontEnd);
    const windows = noise(WINDOWS * length, 7);
    const folder = await mkdtemp(join(tmpdir(), 'undertone-shipped-'));
    const classifier = createOnnxClassifier({ bundle, threads: 1 });
    try {
      await writeFile(join(folder, 'windows'), windows);
      const models = [join(directory, 'model.keras')];
      const answers = await runPython(JUDGE, ['predict', join(folder, 'windows'), ...models]);
      const [{ probabilities }] = answers as [{ probabilities: number[][] }];
      await classifier.start();
      expect(bundle.labels).toEqual([...EMOTIONS]);
      for (let i = 0; i < WINDOWS; i++) {
        const ours = await classifier.classify(windows.subarray(i * length, (i + 1) * length));
        probabilities[i]!.forEach((p, k) => {
          expect(Math.abs(ours[k]! - p)).toBeLessThan(1e-4);
        });
      }
    } finally {
      await classifier.close();
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});
