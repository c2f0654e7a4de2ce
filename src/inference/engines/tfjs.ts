import { UndertoneError } from '../../errors.js';
import { findTfjs, setUpTensorFlow } from '../tfjs/load.js';
import { tfjsNetworkOf } from '../tfjs/network.js';
import {
  type ClassifierOptions,
  createPooledClassifier,
  type PooledClassifier,
} from './pooled-classifier.js';

/** An operation runs on the thread that asks for it. */
const ONE_CORE = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };

/** One for the whole process, as the set that it guards is. */
const turn = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);

/**
 * Runs a bundle's network on TensorFlow, by the optional @tensorflow/tfjs-node.
 * @throws UT_INFERENCE_NO_TFJS, UT_INFERENCE_ONNX_ONLY
 */
export function createTfjsClassifier(options: ClassifierOptions): PooledClassifier {
  const { network } = options.bundle;
  if ('onnx' in network) {
    const detail = 'the bundle is run by its model.int8.onnx, which TensorFlow does not read.';
    throw new UndertoneError('UT_INFERENCE_ONNX_ONLY', detail);
  }
  const folder = findTfjs();
  return createPooledClassifier(options, () => {
    setUpTensorFlow(ONE_CORE);
    return { engine: 'tfjs', package: folder, network: tfjsNetworkOf(network), turn };
  });
}
