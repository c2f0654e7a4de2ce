import { compileOnnx, ONNX_INPUT, ONNX_OUTPUT } from '../onnx/compile.js';
import {
  type ClassifierOptions,
  createPooledClassifier,
  type PooledClassifier,
} from './pooled-classifier.js';

/** Runs a bundle's network on onnxruntime: its integer build, or an ONNX model that is built in memory. */
export function createOnnxClassifier(options: ClassifierOptions): PooledClassifier {
  return createPooledClassifier(options, (network) => ({
    engine: 'onnx',
    onnx: 'onnx' in network ? network.onnx : compileOnnx(network),
    inputName: ONNX_INPUT,
    outputName: ONNX_OUTPUT,
  }));
}
