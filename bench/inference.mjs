import { monitorEventLoopDelay } from 'node:perf_hooks';
import { inputLengthOf } from '../dist/features/index.js';
import { createOnnxClassifier } from '../dist/inference/index.js';
import { medianSeconds } from './signal.mjs';

const WINDOWS = 200;

/** Windows a second of one inference thread, the main thread only handing windows over. */
export async function benchInference(bundle) {
  const classifier = createOnnxClassifier({ bundle, threads: 1 });
  await classifier.start();
  const length = inputLengthOf(bundle.frontEnd);
  const window = Float32Array.from({ length }, (_, i) => Math.sin(i * 0.1));
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const elapsed = await medianSeconds(5, () =>
    Promise.all(Array.from({ length: WINDOWS }, () => classifier.classify(window))),
  );
  loop.disable();
  const alone = await medianSeconds(51, () => classifier.classify(window));
  await classifier.close();
  return {
    engine: 'onnx',
    windowsPerSecondPerCore: Math.round(WINDOWS / elapsed),
    singleWindowMs: round(alone * 1000),
    // The timer's own period is 1 ms.
    loopDelayP99UnderFullLoadMs: round(loop.percentile(99) / 1e6 - 1),
  };
}

const round = (ms) => Math.round(ms * 100) / 100;
