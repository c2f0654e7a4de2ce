import { beforeAll, expect, it } from 'vitest';
import { filtersAt, loadTfjs, type Tf, type Vgg16Architecture } from '../../src/inference/index.js';
import { softmax } from '../../src/training/evaluate/clip-predictions.js';
import { Teachers } from '../../src/training/fit/teachers.js';
import { TrainableNetwork } from '../../src/training/network/trainable-network.js';
import { Random } from '../../src/training/random.js';
import { noise } from '../support/noise.js';
import { describeWith } from '../support/requirements.js';

const PUPIL: Vgg16Architecture = {
  inputShape: [32, 32, 1],
  filters: filtersAt(1 / 32),
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0 },
  classes: 3,
};
const LENGTH = 32 * 32;

describeWith(['tfjs'], 'teachers', () => {
  let tf: Tf;
  beforeAll(async () => {
    tf = await loadTfjs();
  });

  const network = (seed: string, changes: Partial<Vgg16Architecture> = {}) =>
    new TrainableNetwork(tf, { ...PUPIL, ...changes }, new Random(seed), 'float32');
  const kerasOf = (from: TrainableNetwork) => from.toKeras('teacher', from.read());
  const batch = { size: 2, windows: noise(2 * LENGTH, 1), targets: Float32Array.of(1, 0, 0, 0, 1, 0) };

  it('put their mean opinion into the targets, by their share', () => {
    const networks = [network('a'), network('b', { filters: filtersAt(1 / 16) })];
    const teachers = new Teachers(tf, networks.map(kerasOf), PUPIL, 0.6);
    const before = tf.memory().numTensors;
    const { targets, windows } = teachers.soften(batch);
    expect(tf.memory().numTensors).toBe(before);
    expect(windows).toBe(batch.windows);
    const opinions = networks.map((one) =>
      tf.tidy(() => one.predict(tf.tensor4d(batch.windows, [2, 32, 32, 1])).dataSync()),
    );
    for (let row = 0; row < 2; row++) {
      const [first, second] = opinions.map((logits) => softmax(logits.slice(row * 3, row * 3 + 3)));
      for (let c = 0; c < 3; c++) {
        const expected = 0.4 * batch.targets[row * 3 + c]! + 0.3 * first![c]! + 0.3 * second![c]!;
        expect(targets[row * 3 + c]).toBeCloseTo(expected, 5);
      }
    }
    teachers.dispose();
    for (const one of networks) one.dispose();
  });

  it('who are none change nothing', () => {
    expect(new Teachers(tf, [], PUPIL, 0.6).soften(batch)).toBe(batch);
  });

  it('who tell other classes apart are refused', () => {
    const other = kerasOf(network('c', { classes: 4 }));
    expect(() => new Teachers(tf, [other], PUPIL, 0.5)).toThrow(/4 classes/);
  });
});
