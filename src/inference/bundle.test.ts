import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testArchitecture, writeTestBundle } from '../../test/support/bundle.js';
import { randomVgg16 } from '../../test/support/random-vgg16.js';
import { DEFAULT_FRONT_END, fingerprintOf } from '../features/index.js';
import { type Bundle, loadBundle, writeBundle } from './bundle.js';
import type { BundleJson } from './bundle-json.js';
import { createOnnxClassifier } from './engines/onnx.js';
import { writeKerasArchive } from './keras/archive.js';
import { EMOTIONS } from './labels.js';
import { filtersAt } from './vgg16.js';

let root: string;
let original: string;
let modelId: string;
let copies = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-bundle-'));
  original = join(root, 'original');
  modelId = await writeTestBundle(original);
});
afterAll(() => rm(root, { recursive: true }));

/** A copy of the bundle with bundle.json changed. */
async function copy(change: (json: BundleJson) => unknown = (json) => json): Promise<string> {
  const directory = join(root, `copy${copies++}`);
  await cp(original, directory, { recursive: true });
  const path = join(directory, 'bundle.json');
  const json: BundleJson = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(change(json)));
  return directory;
}

test('a bundle loads as it was written', async () => {
  const bundle: Bundle = await loadBundle(original);
  expect(bundle).toMatchObject({
    name: 'test',
    labels: EMOTIONS,
    frontEnd: DEFAULT_FRONT_END,
    frontEndFingerprint: fingerprintOf(DEFAULT_FRONT_END),
    calibration: { temperature: 1 },
    thresholds: { uncertain: 0.4 },
    architecture: testArchitecture(),
    training: { weights: 'random', seed: 1 },
  });
  expect(bundle.network.architecture).toEqual(testArchitecture());
});

test('the model id is the name and the start of the hash of model.keras', async () => {
  const json: BundleJson = JSON.parse(await readFile(join(original, 'bundle.json'), 'utf8'));
  expect(modelId).toBe(`test@${json.files['model.keras']!.sha256.slice(0, 12)}`);
  expect((await loadBundle(original)).modelId).toBe(modelId);
});

test('outputs that count as one label are added', async () => {
  const outputs = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'neutral', 'angry'];
  const directory = await copy((json) => ({ ...json, labels: outputs.slice(0, 5), outputs }));
  const window = new Float32Array(128 * 64).map((_, i) => Math.sin(i));
  const answer = async (folder: string) => {
    const classifier = createOnnxClassifier({ bundle: await loadBundle(folder), threads: 1 });
    await classifier.start();
    const probabilities = await classifier.classify(window);
    await classifier.close();
    return probabilities;
  };
  const [angry, disgust, fear, happy, neutral, more, most] = await answer(original);
  const merged = [angry! + most!, disgust!, fear!, happy!, neutral! + more!].map(Math.fround);
  expect([...(await answer(directory))]).toEqual(merged);
});

test('a bundle that states one width instead of filters loads', async () => {
  const directory = await copy(({ architecture: { filters: _, ...rest }, ...json }) => ({
    ...json,
    architecture: { ...rest, width: 1 / 16 },
  }));
  expect((await loadBundle(directory)).architecture).toEqual(testArchitecture());
});

test('a bundle that replaces another is no bundle until it is whole', async () => {
  const directory = await copy();
  await rm(join(directory, 'model.keras'));
  await mkdir(join(directory, 'model.keras', 'in the way'), { recursive: true });
  await expect(writeTestBundle(directory, 2)).rejects.toThrow();
  await expect(readFile(join(directory, 'bundle.json'))).rejects.toThrow('ENOENT');
});

test('a bundle whose parts do not fit is not written', async () => {
  const directory = join(root, 'never');
  const parts = {
    name: 'test',
    createdAt: '2026-01-01T00:00:00Z',
    labels: ['angry', 'sad'],
    frontEnd: DEFAULT_FRONT_END,
    calibration: { temperature: 1 },
    thresholds: { uncertain: 0.4 },
    training: {},
    model: randomVgg16(testArchitecture(), 1),
  };
  await expect(writeBundle(directory, parts)).rejects.toThrow(
    /BUNDLE_MISMATCH.*7 outputs, there are 2 labels/,
  );
  const layers = parts.model.layers.slice(1);
  await expect(writeBundle(directory, { ...parts, model: { ...parts.model, layers } })).rejects.toThrow(
    /NOT_VGG16/,
  );
  await expect(readFile(join(directory, 'bundle.json'))).rejects.toThrow('ENOENT');
});

describe('a bundle is refused', () => {
  const frontEnd = { ...DEFAULT_FRONT_END, nMels: 40 };

  test.each<[string, (json: BundleJson) => unknown, string, RegExp]>([
    [
      'of a later format',
      (json) => ({ ...json, formatVersion: 2 }),
      'UT_INFERENCE_BUNDLE_VERSION',
      /is 2.* reads 1/,
    ],
    ['with a missing field', ({ labels: _, ...json }) => json, 'UT_INFERENCE_BUNDLE_JSON', /field labels/],
    [
      'with a wrong field deep inside',
      (json) => ({ ...json, frontEnd: { ...json.frontEnd, power: 3 } }),
      'UT_INFERENCE_BUNDLE_JSON',
      /field frontEnd.power/,
    ],
    ['with an unknown field', (json) => ({ ...json, lables: [] }), 'UT_INFERENCE_BUNDLE_JSON', /lables/],
    [
      'that lists a file outside',
      (json) => ({ ...json, files: { ...json.files, '../x': json.files['model.keras'] } }),
      'UT_INFERENCE_BUNDLE_JSON',
      /field files/,
    ],
    ['that is null', () => null, 'UT_INFERENCE_BUNDLE_JSON', /\(root\)/],
    [
      'with another front end than it was trained with',
      (json) => ({ ...json, frontEnd }),
      'UT_INFERENCE_BUNDLE_FINGERPRINT',
      new RegExp(fingerprintOf(frontEnd)),
    ],
    [
      'with a front end that does not fit the input',
      (json) => ({ ...json, frontEnd, frontEndFingerprint: fingerprintOf(frontEnd) }),
      'UT_INFERENCE_BUNDLE_MISMATCH',
      /takes 128×64×1 .* gives 128×40×1/,
    ],
    [
      'with too few labels',
      (json) => ({ ...json, labels: ['angry', 'sad'] }),
      'UT_INFERENCE_BUNDLE_MISMATCH',
      /7 outputs, there are 2 labels/,
    ],
    [
      'with outputs of other labels',
      (json) => ({ ...json, outputs: [...EMOTIONS.slice(1), 'angry'] }),
      'UT_INFERENCE_BUNDLE_JSON',
      /field outputs: it names other labels/,
    ],
    [
      'with another architecture',
      (json) => ({ ...json, architecture: { ...json.architecture, filters: filtersAt(1) } }),
      'UT_INFERENCE_BUNDLE_MISMATCH',
      /architecture says .*512.* the model is .*32/,
    ],
    [
      'that lists a file which is not there',
      (json) => ({ ...json, files: { ...json.files, 'card.md': json.files['model.keras'] } }),
      'UT_INFERENCE_BUNDLE_MISSING_FILE',
      /card\.md/,
    ],
  ])('%s', async (_, change, code, message) => {
    const loading = loadBundle(await copy(change));
    await expect(loading).rejects.toMatchObject({ code });
    await expect(loading).rejects.toThrow(message);
  });

  test('that is not there', async () => {
    await expect(loadBundle(join(root, 'nothing'))).rejects.toMatchObject({
      code: 'UT_INFERENCE_BUNDLE_MISSING_FILE',
      place: join(root, 'nothing', 'bundle.json'),
    });
  });

  test('whose bundle.json is not JSON', async () => {
    const directory = await copy();
    await truncate(join(directory, 'bundle.json'), 100);
    await expect(loadBundle(directory)).rejects.toMatchObject({ code: 'UT_INFERENCE_BUNDLE_JSON' });
  });

  test.each<[string, (bytes: Buffer) => Uint8Array, RegExp]>([
    ['of another size', (bytes) => bytes.subarray(1), /bytes, bundle.json says/],
    ['with one byte changed', (bytes) => bytes.with(5000, bytes[5000]! ^ 1), /its SHA-256 is/],
  ])('whose model.keras is %s', async (_, change, message) => {
    const directory = await copy();
    const path = join(directory, 'model.keras');
    await writeFile(path, change(await readFile(path)));
    const loading = loadBundle(directory);
    await expect(loading).rejects.toMatchObject({ code: 'UT_INFERENCE_BUNDLE_HASH', place: path });
    await expect(loading).rejects.toThrow(message);
  });

  test('whose model is not a VGG16', async () => {
    const { createHash } = await import('node:crypto');
    const model = randomVgg16(testArchitecture(), 1);
    const bytes = await writeKerasArchive({
      ...model,
      layers: model.layers.toSpliced(-2, 1).toSpliced(3, 3),
    });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const directory = await copy((json) => ({
      ...json,
      files: { 'model.keras': { sha256, bytes: bytes.length } },
    }));
    await writeFile(join(directory, 'model.keras'), bytes);
    await expect(loadBundle(directory)).rejects.toMatchObject({ code: 'UT_INFERENCE_NOT_VGG16' });
  });
});
