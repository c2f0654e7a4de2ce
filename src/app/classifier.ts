import type { Config, ModelConfig } from '../config/index.js';
import {
  type Bundle,
  createClassifier,
  createDropClassifier,
  type EngineName,
  type InferenceMetrics,
  type PooledClassifier,
} from '../inference/index.js';
import type { Logger } from '../telemetry/index.js';

/** What classifies, and the name under which its answers are published. */
export interface AppClassifier {
  readonly classifier: PooledClassifier;
  readonly modelId: string;
}

/** The engine of commands whose answers somebody reads: `drop` is for measuring the service alone. */
export function readableEngine({ engine }: ModelConfig): EngineName {
  return engine === 'drop' ? 'onnx' : engine;
}

/**
 * @param maxWaiting windows that may wait; more are refused
 * @throws UT_INFERENCE_NO_TFJS
 */
export function createAppClassifier(
  { model }: Config,
  bundle: Bundle,
  maxWaiting: number,
  metrics: InferenceMetrics,
  logger: Logger,
): AppClassifier {
  if (model.engine === 'drop') {
    logger.warn('model.engine is drop: the answers mean nothing, it is for measuring only');
    const drop = createDropClassifier(bundle.labels, (ms) => metrics.onInference(ms));
    return { classifier: { ...drop, queueDepth: 0 }, modelId: 'drop' };
  }
  const threads = model.threads === null ? {} : { threads: model.threads };
  const maxQueued = model.maxQueuedWindows;
  const classifier = createClassifier(model.engine, { bundle, ...threads, maxQueued, maxWaiting, metrics });
  return { classifier, modelId: bundle.modelId };
}
