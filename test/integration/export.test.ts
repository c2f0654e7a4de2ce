import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_FRONT_END } from '../../src/features/index.js';
import {
  EMOTIONS,
  filtersAt,
  type KerasModel,
  loadTfjs,
  readKerasFile,
  writeBundle,
} from '../../src/inference/index.js';
import { exportModel } from '../../src/training/index.js';
import { naiveForward } from '../support/naive-forward.js';
import { noise } from '../support/noise.js';
import { randomVgg16 } from '../support/random-vgg16.js';
import { describeWith } from '../support/requirements.js';

const SHAPE = [64, 32, 1] as const;
const LENGTH = 64 * 32;
const windows = noise(3 * LENGTH, 5);
const at = (index: number) => windows.subarray(index * LENGTH, (index + 1) * LENGTH);

/** A VGG16 with whatever an exporter can trip over. */
function model(batchNorm: boolean): KerasModel {
  const made = randomVgg16(
    {
      inputShape: SHAPE,
      filters: filtersAt(1 / 16),
      batchNorm,
      head: batchNorm
        ? { pooling: 'average', dense: [], dropout: 0.3 }
        : { pooling: 'flatten', dense: [9], dropout: 0.5 },
      classes: EMOTIONS.length,
    },
    11,
  );
  const rescaling = {
    className: 'Rescaling',
    name: 'rescaling',
    config: { scale: 0.5, offset: 0.25 },
    weights: [],
  };
  return batchNorm ? made : { ...made, layers: [rescaling, ...made.layers] };
}

/** TensorFlow.js with layers; its types are not installed here. */
interface WithLayers {
  loadLayersModel(url: string): Promise<{
    predict(input: unknown): { array(): Promise<number[][]> };
    getUserDefinedMetadata?(): object;
  }>;
}

describeWith(['tfjs'], 'an exported model', () => {
  let folder: string;
  const expected = new Map<string, number[][]>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-export-'));
    for (const [name, made] of [
      ['normalised', model(true)],
      ['rescaled', model(false)],
    ] as const) {
      await writeBundle(join(folder, name), {
        name,
        createdAt: '2026-01-01T00:00:00Z',
        labels: EMOTIONS,
        frontEnd: { ...DEFAULT_FRONT_END, windowFrames: 64, nMels: 32 },
        calibration: { temperature: 1.5 },
        thresholds: { uncertain: 0.4 },
        model: made,
        training: {},
      });
      const scale = (values: Float32Array) =>
        name === 'rescaled' ? values.map((x) => 0.5 * x + 0.25) : values;
      const plain = { ...made, layers: made.layers.filter(({ className }) => className !== 'Rescaling') };
      expected.set(
        name,
        [0, 1, 2].map((i) => [...naiveForward(plain, scale(at(i)))]),
      );
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const out = (name: string, ending: string) => join(folder, 'out', `${name}${ending}`);
  const exporting = (name: string, format: 'keras' | 'onnx' | 'tfjs', ending: string) =>
    exportModel({ bundle: join(folder, name), format, out: out(name, ending) });

  function expectSame(name: string, found: readonly (readonly number[])[]): void {
    const differences = expected
      .get(name)!
      .flat()
      .map((value, i) => Math.abs(value - found.flat()[i]!));
    expect(differences.length).toBe(3 * EMOTIONS.length);
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  }

  test.each(['normalised', 'rescaled'])('answers in TensorFlow.js as its layers say (%s)', async (name) => {
    const files = await exporting(name, 'tfjs', '');
    expect(files.at(-1)).toBe(join(out(name, ''), 'model.json'));
    const tf = await loadTfjs();
    const loaded = await (tf as unknown as WithLayers).loadLayersModel(pathToFileURL(files.at(-1)!).href);
    expectSame(name, await loaded.predict(tf.tensor(windows, [3, ...SHAPE])).array());
    expect(loaded.getUserDefinedMetadata?.()).toMatchObject({ 'undertone.labels': JSON.stringify(EMOTIONS) });
  });

  test.each(['normalised', 'rescaled'])('answers in onnxruntime as its layers say (%s)', async (name) => {
    const [file] = await exporting(name, 'onnx', '.onnx');
    const session = await InferenceSession.create(file!);
    const found: number[][] = [];
    for (const i of [0, 1, 2]) {
      const outputs = await session.run({ window: new Tensor('float32', at(i), [1, ...SHAPE]) });
      found.push([...(outputs.probabilities!.data as Float32Array)]);
    }
    await session.release();
    expectSame(name, found);
    expect((await readFile(file!)).includes('undertone.frontEndFingerprint')).toBe(true);
  });

  test('is the archive of the bundle as Keras has it', async () => {
    const [file] = await exporting('normalised', 'keras', '.keras');
    expect(await readFile(file!)).toEqual(await readFile(join(folder, 'normalised', 'model.keras')));
    expect((await readKerasFile(await readFile(file!), file!)).layers.length).toBeGreaterThan(40);
  });
});
