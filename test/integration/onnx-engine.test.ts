import { afterEach, describe, expect, test } from 'vitest';
import { spawnSessionThread } from '../../src/inference/engines/onnx.js';
import type { SessionRequest } from '../../src/inference/engines/session-messages.js';
import type { SessionThread } from '../../src/inference/engines/thread-line.js';
import {
  createOnnxClassifier,
  EMOTIONS,
  type OnnxClassifier,
  type OnnxClassifierOptions,
  type Vgg16Architecture,
  vgg16Of,
} from '../../src/inference/index.js';
import { noise } from '../support/noise.js';
import { randomVgg16 } from '../support/random-vgg16.js';

const [FRAMES, MELS] = [128, 64];
const architecture: Vgg16Architecture = {
  inputShape: [FRAMES, MELS, 1],
  width: 1 / 8,
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0 },
  classes: EMOTIONS.length,
};
const bundleOf = (width: number) => ({
  labels: EMOTIONS,
  network: vgg16Of(randomVgg16({ ...architecture, width }, 3), 'random'),
});
const bundle = bundleOf(architecture.width);
const windowOf = (seed: number) => noise(FRAMES * MELS, seed);

/** Has the thread die of what it can not read, between two runs, while it holds windows. */
const kill = (thread: SessionThread) => thread.post(null as unknown as SessionRequest);

describe('the onnx engine', () => {
  let classifier: OnnxClassifier;
  afterEach(() => classifier.close());

  async function started(options: Partial<OnnxClassifierOptions> = {}): Promise<OnnxClassifier> {
    classifier = createOnnxClassifier({ bundle, threads: 2, ...options });
    await classifier.start();
    return classifier;
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

  test('answers every window, each with its own result, though threads are killed while they run', async () => {
    await started();
    const expected = await Promise.all(
      Array.from({ length: 40 }, (_, i) => classifier.classify(windowOf(i))),
    );
    await classifier.close();

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
        onInference: () => {
          answered++;
          if (answered === 5) kill(threads[0]!);
          if (answered === 15) kill(threads[1]!);
        },
        onWorkerRestart: () => restarts++,
        onThreadGivenUp: () => undefined,
      },
    });
    const found = await Promise.all(Array.from({ length: 40 }, (_, i) => classifier.classify(windowOf(i))));
    expect(found).toEqual(expected);
    expect(restarts).toBe(2);
  });

  test('finishes what was accepted when it is closed', async () => {
    await started({ maxQueued: 4 });
    const results = Array.from({ length: 20 }, (_, i) => classifier.classify(windowOf(i)));
    await classifier.close();
    expect((await Promise.all(results)).every((result) => result.length === EMOTIONS.length)).toBe(true);
  });

  test('says where a thread cannot load its model', async () => {
    const spawn: OnnxClassifierOptions['spawn'] = (setup, events) =>
      spawnSessionThread({ ...setup, onnx: new Uint8Array([1, 2, 3]) }, events);
    const starting = started({ threads: 1, spawn, maxRestartsInARow: 2, restartDelayMs: 1 });
    await expect(starting).rejects.toMatchObject({ code: 'UT_INFERENCE_THREAD' });
  });

  test('refuses a window of the wrong size', async () => {
    await started({ threads: 1 });
    await expect(classifier.classify(new Float32Array(100))).rejects.toThrow(
      /UT_INFERENCE_WINDOW: it has 100 values, the model takes 128×64/,
    );
  });

  test('leaves the main thread free while it works', async () => {
    let runsMs = 0;
    const metrics = {
      onInference: (ms: number) => {
        runsMs += ms;
      },
      onWorkerRestart: () => undefined,
      onThreadGivenUp: () => undefined,
    };
    await started({ bundle: bundleOf(1), threads: 1, metrics });
    const windows = Array.from({ length: 9 }, (_, i) => windowOf(i));
    const before = performance.eventLoopUtilization();
    await Promise.all(windows.map((window) => classifier.classify(window)));
    const { active, idle } = performance.eventLoopUtilization(before);
    expect(idle).toBeGreaterThan(runsMs / 2);
    // On the main thread the runs would be a part of its active time.
    expect(active).toBeLessThan(runsMs / windows.length);
  });
});
