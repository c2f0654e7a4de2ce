import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createOnnxClassifier,
  filtersAt,
  loadTfjs,
  type Scalar,
  type TfTensor as Tensor,
  type Tensor2D,
  type Tensor4D,
  type Tf,
  VGG16_BLOCKS,
  type Vgg16Architecture,
  vgg16Of,
} from '../../src/inference/index.js';
import { softmax } from '../../src/training/evaluate/clip-predictions.js';
import {
  type EpochLog,
  evaluateModel,
  prepareCorpus,
  RECIPES,
  type TrainingRecipe,
  type TrainOptions,
  trainBundle,
} from '../../src/training/index.js';
import type { Precision } from '../../src/training/network/kernels.js';
import { Kernels } from '../../src/training/network/kernels.js';
import { TrainableNetwork } from '../../src/training/network/trainable-network.js';
import { Random } from '../../src/training/random.js';
import { BUZZ_FOLDERS, plantBuzzCorpus } from '../support/buzz-corpus.js';
import { noise } from '../support/noise.js';
import { describeWith } from '../support/requirements.js';

let root: string;

const options = (name: string, changes: Partial<TrainOptions> = {}): TrainOptions => ({
  data: [join(root, 'prepared')],
  protocol: 'tess-random',
  run: join(root, `${name}-run`),
  bundle: join(root, name),
  name,
  recipe: recipe({}),
  ...changes,
});

const recipe = (settings: Partial<TrainingRecipe['settings']>): TrainingRecipe => ({
  ...RECIPES.quarter,
  filters: filtersAt(1 / 16),
  head: { pooling: 'average', dense: [], dropout: 0.2 },
  settings: {
    ...RECIPES.quarter.settings,
    epochs: 5,
    batchSize: 14,
    averageDecay: 0.5,
    rate: { peak: 5e-3, warmupEpochs: 1, finalShare: 0.1 },
    ...settings,
  },
});

/** A clock that moves a second whenever somebody looks. */
function tickingClock(): () => number {
  let now = 0;
  return () => (now += 1000);
}

async function logOf(name: string): Promise<EpochLog[]> {
  const text = await readFile(join(root, `${name}-run`, 'log.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EpochLog);
}

describeWith(['tfjs'], 'training', () => {
  let tf: Tf;

  beforeAll(async () => {
    tf = await loadTfjs();
    root = await mkdtemp(join(tmpdir(), 'undertone-train-'));
    await plantBuzzCorpus(join(root, 'tess'));
    await prepareCorpus({
      corpus: 'tess',
      corpusFolder: join(root, 'tess'),
      out: join(root, 'prepared'),
      variants: 1,
      threads: 0,
    });
  }, 120_000);
  afterAll(() => rm(root, { recursive: true }));

  it('from recordings to a bundle that the serving engine runs better than chance', {
    timeout: 300_000,
  }, async () => {
    const trained = await trainBundle(options('whole'));
    expect(trained).toMatchObject({ epochs: 5, finished: true });
    expect(trained.calibration!.temperature).toBeGreaterThan(0);
    const { evaluation, card, pictures } = await evaluateModel({
      bundle: join(root, 'whole'),
      data: [join(root, 'prepared')],
      lines: {
        corpora: { tess: join(root, 'tess') },
        noiseFolder: join(root, 'tess', 'OAF_sad'),
        noiseClips: 2,
      },
    });
    const [clean] = evaluation.conditions[0]!.corpora;
    expect(evaluation.modelId).toBe(trained.modelId);
    expect(evaluation.conditions.length).toBe(6);
    expect(evaluation.noise[0]).toMatchObject({ corpus: 'tess', clips: 2, heard: false });
    expect(clean!.byClip.accuracy).toBeGreaterThan(2 / BUZZ_FOLDERS.length);
    expect(await readFile(card, 'utf8')).toContain(trained.modelId);
    expect((await readFile(pictures[0]!)).subarray(1, 4).toString()).toBe('PNG');

    const log = await logOf('whole');
    expect(log.at(-1)!.loss).toBeLessThan(log[0]!.loss);
    // Nothing is left behind from epoch to epoch.
    expect(log.at(-1)!.tensors).toBe(log[1]!.tensors);
  });

  it('a run that was interrupted goes on as if it had not been', { timeout: 300_000 }, async () => {
    const short = { recipe: recipe({ epochs: 2 }) };
    await trainBundle(options('at-once', short));
    const parted = options('parted', { ...short, now: tickingClock(), maxMinutes: 2 / 60 });
    expect(await trainBundle(parted)).toMatchObject({ epochs: 1, finished: false });
    expect(await trainBundle({ ...parted, now: Date.now, maxMinutes: 60 })).toMatchObject({
      epochs: 2,
      finished: true,
    });
    const [once, twice] = [await logOf('at-once'), await logOf('parted')];
    expect(twice.map(({ epoch }) => epoch)).toEqual([1, 2]);
    // Threads add up in any order: the last decimals may differ.
    expect(twice[1]!.loss).toBeCloseTo(once[1]!.loss, 2);
    expect(twice[1]!.learningRate).toBe(once[1]!.learningRate);
  });

  it('a run folder is not taken over by other settings or other data', { timeout: 300_000 }, async () => {
    const short = { recipe: recipe({ epochs: 1 }) };
    await trainBundle(options('claimed', short));
    await expect(
      trainBundle(options('claimed', { recipe: recipe({ epochs: 1, seed: '2' }) })),
    ).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CHECKPOINT',
    });
    const fewer = join(root, 'fewer');
    await cp(join(root, 'prepared'), fewer, { recursive: true });
    const lines = (await readFile(join(fewer, 'manifest.jsonl'), 'utf8')).trim().split('\n').slice(1);
    await writeFile(join(fewer, 'manifest.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(join(fewer, 'finished.json'), JSON.stringify({ clips: lines.length }));
    await expect(trainBundle(options('claimed', { ...short, data: [fewer] }))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CHECKPOINT',
      message: expect.stringContaining('other data'),
    });
  });

  it('the network and the serving engine agree to 1e-4', { timeout: 120_000 }, async () => {
    const architecture: Vgg16Architecture = {
      inputShape: [64, 32, 1],
      filters: filtersAt(1 / 16),
      batchNorm: true,
      head: { pooling: 'flatten', dense: [8], dropout: 0.5 },
      classes: 7,
    };
    const network = new TrainableNetwork(tf, architecture, new Random('agree'), 'float32');
    // A training step's worth of statistics, so that batch normalisation has something to do.
    tf.tidy(() =>
      network.train(tf.tensor4d(noise(4 * 64 * 32, 3), [4, 64, 32, 1]), new Random('drop')).dataSync(),
    );
    const window = noise(64 * 32, 9);
    const expected = softmax(tf.tidy(() => network.predict(tf.tensor4d(window, [1, 64, 32, 1])).dataSync()));
    const keras = vgg16Of(network.toKeras('agree', network.read()), 'agree');
    network.dispose();
    const classifier = createOnnxClassifier({ bundle: { labels: BUZZ_FOLDERS, network: keras }, threads: 1 });
    await classifier.start();
    const answer = await classifier.classify(window);
    await classifier.close();
    expected.forEach((probability, i) => {
      expect(Math.abs(answer[i]! - probability)).toBeLessThan(1e-4);
    });
  });

  it.each<[Precision, boolean, number, number]>([
    ['float32', true, 0.9999, 0.01],
    ['float32', false, 0.9999, 0.01],
    // Over noise, thirteen normalisations by small batches magnify the rounding of bfloat16.
    ['bfloat16', true, 0.7, 0.1],
    ['bfloat16', false, 0.99, 0.05],
  ])(
    'in %s, with batch norm %s, the kernels have the gradients of the formula',
    (precision, batchNorm, least, apart) => {
      const architecture: Vgg16Architecture = {
        inputShape: [64, 64, 3],
        filters: filtersAt(1 / 8),
        batchNorm,
        head: { pooling: 'average', dense: [], dropout: 0 },
        classes: 7,
      };
      const network = new TrainableNetwork(tf, architecture, new Random('slopes'), precision);
      const x = tf.tensor4d(noise(16 * 64 * 64 * 3, 1), [16, 64, 64, 3]);
      const loss = (logits: Tensor2D) => tf.mean(tf.square(tf.sub(logits, 1))) as Scalar;
      const trunk = tf.variableGrads(
        () => loss(network.train(x, new Random('none'))),
        network.trainable,
      ).grads;
      const formula = tf.variableGrads(() => loss(composed(tf, network, x)), network.trainable).grads;
      for (const { name } of network.kernels) {
        const [found, expected] = [trunk[name]!, formula[name]!].map((slope) => [...slope.dataSync()]);
        const product = found!.reduce((sum, value, i) => sum + value * expected![i]!, 0);
        const size = Math.hypot(...expected!);
        expect(product / size / Math.hypot(...found!), `direction of ${name}`).toBeGreaterThan(least);
        expect(Math.abs(Math.hypot(...found!) / size - 1), `size of ${name}`).toBeLessThan(apart);
      }
      network.dispose();
    },
  );

  it('equal maxima of a square share its slope', () => {
    const kernels = new Kernels(tf, 'bfloat16');
    const take = (values: number[], rows: number, columns: number) =>
      kernels.take(tf.tensor4d(values, [1, rows, columns, 1]));
    const map = take([1, 5, 2, 2, 3, 4, 2, 2], 2, 4);
    const slope = kernels.maxPoolGrad(map, kernels.maxPool(map), take([8, 4], 1, 2));
    expect([...kernels.give(slope).dataSync()]).toEqual([0, 8, 1, 1, 0, 0, 1, 1]);
  });

  it('a map of odd size is pooled without its last row and column, and so is its slope', () => {
    const kernels = new Kernels(tf, 'float32');
    const map = kernels.take(tf.tensor4d([1, 2, 9, 4, 3, 9, 9, 9, 9], [1, 3, 3, 1]));
    const slope = kernels.take(tf.tensor4d([7], [1, 1, 1, 1]));
    const result = kernels.give(kernels.maxPoolGrad(map, kernels.maxPool(map), slope));
    expect([...result.dataSync()]).toEqual([0, 0, 0, 7, 0, 0, 0, 0, 0]);
  });
});

/** The network in training written in tfjs' own operations, whose gradients tfjs composes itself. */
function composed(tf: Tf, network: TrainableNetwork, x: Tensor4D): Tensor2D {
  const weights = network.weights.map(({ variable }) => variable as Tensor);
  const take = () => weights.shift()!;
  let value = x;
  for (const { convolutions } of VGG16_BLOCKS) {
    for (let i = 0; i < convolutions; i++) {
      value = tf.conv2d(value, take() as Tensor4D, 1, 'same');
      value = tf.relu(
        network.architecture.batchNorm ? normalised(tf, value, take, 1e-3) : tf.add(value, take()),
      );
    }
    value = tf.maxPool(value, 2, 2, 'valid');
  }
  return tf.add(tf.matMul(tf.mean(value, [1, 2]) as Tensor2D, take() as Tensor2D), take());
}

function normalised(tf: Tf, x: Tensor4D, take: () => Tensor, epsilon: number): Tensor4D {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  const [gamma, beta] = [take(), take()];
  take();
  take();
  return tf.add(tf.mul(normal, gamma), beta);
}
