import { createOnnxClassifier } from './onnx.js';
import type { ClassifierOptions, PooledClassifier } from './pooled-classifier.js';
import { createTfjsClassifier } from './tfjs.js';

/** What computes a network. All agree to 1e-4. */
export const ENGINES = ['onnx', 'tfjs'] as const;
export type EngineName = (typeof ENGINES)[number];

/** @throws UT_INFERENCE_NO_TFJS */
export function createClassifier(engine: EngineName, options: ClassifierOptions): PooledClassifier {
  return engine === 'tfjs' ? createTfjsClassifier(options) : createOnnxClassifier(options);
}
