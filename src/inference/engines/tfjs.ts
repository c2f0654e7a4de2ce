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
 * @throws UT_INFERENCE_NO_TFJS
 */
export function createTfjsClassifier(options: ClassifierOptions): PooledClassifier {
  const folder = findTfjs();
  return createPooledClassifier(options, (network) => {
    setUpTensorFlow(ONE_CORE);
    return { engine: 'tfjs', package: folder, network: tfjsNetworkOf(network), turn };
  });
}
