import type { ModelConfig } from '../config/index.js';
import {
  type Bundle,
  type ClassifierOptions,
  createClassifier,
  createDropClassifier,
  type EngineName,
  type PooledClassifier,
} from '../inference/index.js';
import type { EventLog } from '../telemetry/index.js';

/** What classifies, and the name under which its answers are published. */
export interface AppClassifier {
  readonly classifier: PooledClassifier;
  readonly modelId: string;
}

/** The engine of commands whose answers somebody reads: `drop` is for measuring the service alone. */
export function readableEngine({ engine }: Pick<ModelConfig, 'engine'>): EngineName {
  return engine === 'drop' ? 'onnx' : engine;
}

/**
 * @param limits with `maxWaiting`, the windows that may wait; more are refused
 * @throws UT_INFERENCE_NO_TFJS
 */
export function createAppClassifier(
  model: ModelConfig,
  bundle: Bundle,
  limits: Required<Pick<ClassifierOptions, 'maxWaiting' | 'metrics'>>,
  events: EventLog,
): AppClassifier {
  if (model.engine === 'drop') {
    events.report('engine-drop');
    const drop = createDropClassifier(bundle.labels, (ms) => limits.metrics.onInference(ms));
    return { classifier: { ...drop, queueDepth: 0, threads: 0 }, modelId: 'drop' };
  }
  const threads = model.threads === null ? {} : { threads: model.threads };
  const options = { bundle, ...threads, maxQueued: model.maxQueuedWindows, ...limits };
  return { classifier: createClassifier(model.engine, options), modelId: bundle.modelId };
}
