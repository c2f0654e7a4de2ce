import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  type Bundle,
  createClassifier,
  ENGINES,
  type EngineName,
  elementsIn,
  filtersAt,
  loadFloat32,
  type Vgg16Architecture,
  vgg16Of,
} from '../../src/inference/index.js';
import { foreignVgg16 } from '../support/foreign-vgg16.js';
import { noise } from '../support/noise.js';
import { randomVgg16 } from '../support/random-vgg16.js';
import { describeWith } from '../support/requirements.js';

const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
const TOLERANCE = 1e-4;
const WINDOWS = 6;
const LONG_MS = 120_000;

const LABELS = Array.from({ length: 7 }, (_, i) => `label ${i}`);

type Network = Pick<Bundle, 'labels' | 'network'>;

/** Every network on which the engines must agree, by name; loaded when its turn comes. */
const NETWORKS: readonly (readonly [name: string, load: () => Promise<Network>])[] = [
  ...bundles().map((name) => [`models/${name}`, () => loadFloat32(join(MODELS, name))] as const),
  ...randomNetworks(),
  ...foreignNetworks(),
];

function bundles(): readonly string[] {
  return readdirSync(MODELS).filter((name) => existsSync(join(MODELS, name, 'model.keras')));
}

/** One and three planes, with and without batch norm, every kind of head. */
function randomNetworks() {
  const heads = [
    { pooling: 'average', dense: [], dropout: 0 },
    { pooling: 'average', dense: [24], dropout: 0.3 },
    { pooling: 'flatten', dense: [], dropout: 0 },
    { pooling: 'flatten', dense: [32, 16], dropout: 0.3 },
  ] as const;
  return [1, 3].flatMap((channels) =>
    [true, false].flatMap((batchNorm) =>
      heads.map((head) =>
        randomNetwork({
          inputShape: [96, 64, channels],
          filters: filtersAt(1 / 4),
          batchNorm,
          head,
          classes: LABELS.length,
        }),
      ),
    ),
  );
}

function randomNetwork(architecture: Vgg16Architecture) {
  const { inputShape, batchNorm, head } = architecture;
  const name = `random, ${inputShape[2]} planes, ${batchNorm ? '' : 'no '}batch norm, ${head.pooling} ${head.dense}`;
  const load = async (): Promise<Network> => ({
    labels: LABELS,
    network: vgg16Of(randomVgg16(architecture, 11), name),
  });
  return [name, load] as const;
}

/** As `undertone import` meets them. */
function foreignNetworks() {
  const heads = [
    ['max', ['elu', 'selu']],
    ['average', ['tanh', 'sigmoid']],
    ['flatten', ['softplus', 'softsign', 'linear']],
  ] as const;
  return heads.map(([pooling, activations]) => {
    const name = `foreign, ${pooling}, ${activations}`;
    const head = { pooling, dense: activations.map(() => 16), dropout: 0 };
    const shape = {
      inputShape: [64, 64, 3],
      filters: filtersAt(1 / 4),
      head,
      classes: LABELS.length,
    } as const;
    const model = () => foreignVgg16({ ...shape, batchNorm: false }, activations);
    return [
      name,
      async (): Promise<Network> => ({ labels: LABELS, network: vgg16Of(model(), name) }),
    ] as const;
  });
}

async function answersOf(engine: EngineName, bundle: Network): Promise<readonly Float32Array[]> {
  const classifier = createClassifier(engine, { bundle, threads: 1 });
  await classifier.start();
  const length = elementsIn(bundle.network.architecture.inputShape);
  const answers = Array.from({ length: WINDOWS }, (_, seed) => classifier.classify(noise(length, seed)));
  await classifier.close();
  return Promise.all(answers);
}

describeWith(['tfjs'], 'the engines agree', () => {
  test.each(NETWORKS)('on %s', { timeout: LONG_MS }, async (_, load) => {
    const bundle = await load();
    const [onnx, tfjs] = await Promise.all(ENGINES.map((engine) => answersOf(engine, bundle)));
    expect(onnx![0]).not.toEqual(onnx![1]);
    // Where one label has everything, all engines agree.
    expect(Math.min(...onnx!.map((answer) => Math.max(...answer)))).toBeLessThan(0.999);
    for (const [index, expected] of onnx!.entries()) {
      const differences = expected.map((probability, label) => Math.abs(probability - tfjs![index]![label]!));
      expect(Math.max(...differences), `window ${index}`).toBeLessThan(TOLERANCE);
    }
  });
});
