import { afterEach, expect, test } from 'vitest';
import { spawnSessionThread } from '../../src/inference/engines/pooled-classifier.js';
import type { SessionModel, SessionRequest } from '../../src/inference/engines/session-messages.js';
import type { SessionThread } from '../../src/inference/engines/thread-line.js';
import {
  type ClassifierOptions,
  createClassifier,
  EMOTIONS,
  type EngineName,
  elementsIn,
  filtersAt,
  type PooledClassifier,
  type Vgg16Architecture,
  vgg16Of,
} from '../../src/inference/index.js';
import { naiveForward } from '../support/naive-forward.js';
import { noise } from '../support/noise.js';
import { randomVgg16 } from '../support/random-vgg16.js';

const ARCHITECTURE: Vgg16Architecture = {
  inputShape: [128, 64, 1],
  filters: filtersAt(1 / 8),
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0 },
  classes: EMOTIONS.length,
};
const bundleOf = (changes: Partial<Vgg16Architecture>) => ({
  labels: EMOTIONS,
  network: vgg16Of(randomVgg16({ ...ARCHITECTURE, ...changes }, 3), 'random'),
});
/** A network of full width takes its time where a machine has more to do. */
const LONG_MS = 120_000;
const windowOf = (seed: number) => noise(elementsIn(ARCHITECTURE.inputShape), seed);
const windows = (count: number) => Array.from({ length: count }, (_, i) => windowOf(i));

/** Small enough for the loops that they are compared with; each stands for another way through the code. */
const SMALL: readonly Partial<Vgg16Architecture>[] = [
  { batchNorm: false },
  { inputShape: [48, 32, 3], batchNorm: true },
  { inputShape: [40, 64, 1], head: { pooling: 'flatten', dense: [5, 4], dropout: 0.5 } },
  { inputShape: [32, 64, 3], batchNorm: false, head: { pooling: 'flatten', dense: [], dropout: 0 } },
  { batchNorm: true, head: { pooling: 'average', dense: [6], dropout: 0 } },
];

/** Has the thread die of what it can not read, between two runs, while it holds windows. */
const kill = (thread: SessionThread) => thread.post(null as unknown as SessionRequest);

const SILENT = {
  onInference: () => undefined,
  onWorkerRestart: () => undefined,
  onThreadGivenUp: () => undefined,
};

/**
 * What every engine promises.
 * @param spoil makes a model that the engine's threads cannot load
 */
export function engineContract(engine: EngineName, spoil: (model: SessionModel) => SessionModel): void {
  let classifier: PooledClassifier;
  afterEach(() => classifier.close());

  async function started(options: Partial<ClassifierOptions> = {}): Promise<PooledClassifier> {
    classifier = createClassifier(engine, { bundle: bundleOf({}), threads: 2, ...options });
    await classifier.start();
    return classifier;
  }

  async function answersOf(inputs: readonly Float32Array[], threads: number): Promise<Float32Array[]> {
    await started({ threads });
    const answers = await Promise.all(inputs.map((input) => classifier.classify(input)));
    await classifier.close();
    return answers;
  }

  test('answers probabilities, the same bits for a window alone or among many, whatever the thread', async () => {
    await started({ maxQueued: 8 });
    const alone = await classifier.classify(windowOf(1));
    expect(alone.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const crowd = await Promise.all(
      Array.from({ length: 60 }, (_, i) => classifier.classify(windowOf(i % 3 === 0 ? 1 : i + 100))),
    );
    crowd.forEach((answer, i) => {
      if (i % 3 === 0) expect(answer).toEqual(alone);
      else expect(answer).not.toEqual(alone);
    });
    expect(classifier.queueDepth).toBe(0);
  });

  test('answers the same bits with one thread and with three, in this order and in the other', async () => {
    const inputs = windows(12);
    const expected = await answersOf(inputs, 1);
    expect(await answersOf(inputs, 3)).toEqual(expected);
    expect(await answersOf(inputs.toReversed(), 2)).toEqual(expected.toReversed());
  });

  test.each(SMALL)('computes what the layers say: %j', async (changes) => {
    const inputShape = changes.inputShape ?? [32, 32, 1];
    const model = randomVgg16({ ...ARCHITECTURE, filters: filtersAt(1 / 32), ...changes, inputShape }, 5);
    await started({ bundle: { labels: EMOTIONS, network: vgg16Of(model, 'random') }, threads: 1 });
    const window = noise(elementsIn(inputShape), 9);
    const expected = naiveForward(model, window);
    const answer = await classifier.classify(window);
    expect(Math.max(...expected)).toBeLessThan(0.99);
    for (const [label, probability] of expected.entries()) {
      expect(Math.abs(answer[label]! - probability)).toBeLessThan(1e-5);
    }
  });

  test('answers every window, each with its own result, though threads are killed while they run', async () => {
    const expected = await answersOf(windows(40), 2);
    const threads: SessionThread[] = [];
    let restarts = 0;
    let answered = 0;
    await started({
      spawn: (setup, events) => {
        const thread = spawnSessionThread(setup, events);
        threads.push(thread);
        return thread;
      },
      metrics: {
        ...SILENT,
        onInference: () => {
          answered++;
          if (answered === 5) kill(threads[0]!);
          if (answered === 15) kill(threads[1]!);
        },
        onWorkerRestart: () => restarts++,
      },
    });
    const found = await Promise.all(windows(40).map((window) => classifier.classify(window)));
    expect(found).toEqual(expected);
    expect(restarts).toBe(2);
  });

  test('finishes what was accepted when it is closed', async () => {
    await started({ maxQueued: 4 });
    const results = windows(20).map((window) => classifier.classify(window));
    await classifier.close();
    expect((await Promise.all(results)).every((result) => result.length === EMOTIONS.length)).toBe(true);
    await expect(classifier.classify(windowOf(1))).rejects.toMatchObject({ code: 'UT_INFERENCE_CLOSED' });
  });

  test('says where a thread cannot load its model', async () => {
    const spawn: ClassifierOptions['spawn'] = (setup, events) =>
      spawnSessionThread({ ...setup, model: spoil(setup.model) }, events);
    const starting = started({ threads: 1, spawn, maxRestartsInARow: 2, restartDelayMs: 1 });
    await expect(starting).rejects.toMatchObject({ code: 'UT_INFERENCE_THREAD' });
  });

  test('refuses a window of the wrong size', async () => {
    await started({ threads: 1 });
    await expect(classifier.classify(new Float32Array(100))).rejects.toThrow(
      /UT_INFERENCE_WINDOW: it has 100 values, the model takes 128×64×1/,
    );
  });

  test('leaves the main thread free while it works', { timeout: LONG_MS }, async () => {
    let runsMs = 0;
    const onInference = (ms: number) => {
      runsMs += ms;
    };
    await started({
      bundle: bundleOf({ filters: filtersAt(1) }),
      threads: 1,
      metrics: { ...SILENT, onInference },
    });
    const before = performance.eventLoopUtilization();
    await Promise.all(windows(9).map((window) => classifier.classify(window)));
    const { active, idle } = performance.eventLoopUtilization(before);
    expect(idle).toBeGreaterThan(runsMs / 2);
    // On the main thread the runs would be a part of its active time.
    expect(active).toBeLessThan(runsMs / 9);
  });
}
