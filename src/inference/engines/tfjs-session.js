// @ts-check
import { createRequire } from 'node:module';

/** @import { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core' */
/** @import { PlainConvolution } from '../fold-batch-norm.js' */
/** @import { Tf } from '../tfjs/load.js' */
/** @import { TfjsNetwork } from '../tfjs/network.js' */
/** @import { Session, SessionModelOf, SessionSetup } from './session-messages.js' */

/** Longer than any thread takes for its turn: one that holds it longer has died in it. */
const TURN_MS = 60_000;

/**
 * A network in TensorFlow. The binding remembers the names of attributes in a set of the whole process that no lock
 * guards: threads meet their first run one after the other, and from then on the set is only read.
 *
 * @param {SessionModelOf<'tfjs'>} model
 * @param {Float32Array} window read by every run
 * @param {SessionSetup['windowShape']} shape
 * @returns {Promise<Session>}
 */
export async function openTfjsSession(model, window, shape) {
  return inTurn(new Int32Array(model.turn), () => {
    const tf = /** @type {Tf} */ (createRequire(import.meta.url)(model.package));
    const forward = networkIn(tf, model.network);
    const run = () => {
      const probabilities = tf.tidy(() => forward(tf.tensor4d(window, [1, ...shape])).dataSync());
      return /** @type {Float32Array} */ (probabilities);
    };
    run();
    return { run: async () => run(), close: async () => tf.disposeVariables() };
  });
}

/**
 * @template T
 * @param {Int32Array} turn
 * @param {() => T} action
 */
function inTurn(turn, action) {
  while (Atomics.exchange(turn, 0, 1) === 1) {
    if (Atomics.wait(turn, 0, 1, TURN_MS) === 'timed-out') break;
  }
  try {
    return action();
  } finally {
    Atomics.store(turn, 0, 0);
    Atomics.notify(turn, 0, 1);
  }
}

/**
 * @param {Tf} tf
 * @param {TfjsNetwork} network
 * @returns {(window: Tensor4D) => Tensor}
 */
function networkIn(tf, { blocks, pooling, head }) {
  const convolutions = blocks.map((block) => block.map((convolution) => weightsIn(tf, convolution)));
  const dense = head.map((unit) => weightsIn(tf, unit));
  return (window) => {
    const map = convolutions.reduce(
      (x, block) => tf.maxPool(block.reduce(convolve, x), 2, 2, 'valid'),
      window,
    );
    const features = pooling === 'average' ? tf.mean(map, [1, 2]) : tf.reshape(map, [1, -1]);
    return tf.softmax(dense.reduce(connect, /** @type {Tensor2D} */ (features)));
  };

  /** @param {Tensor4D} x @param {Weights} weights @returns {Tensor4D} */
  function convolve(x, { kernel, bias }) {
    const sum = tf.conv2d(x, /** @type {Tensor4D} */ (kernel), 1, 'same');
    return /** @type {Tensor4D} */ (tf.relu(tf.add(sum, bias)));
  }

  /** @param {Tensor2D} x @param {Weights} weights @param {number} index @returns {Tensor2D} */
  function connect(x, { kernel, bias }, index) {
    const sum = tf.add(tf.matMul(x, /** @type {Tensor2D} */ (kernel)), bias);
    return /** @type {Tensor2D} */ (index === dense.length - 1 ? sum : tf.relu(sum));
  }
}

/** @typedef {{ readonly kernel: Tensor, readonly bias: Tensor1D }} Weights */

/** @param {Tf} tf @param {PlainConvolution} weights @returns {Weights} */
function weightsIn(tf, { kernel, bias }) {
  return { kernel: tf.tensor(kernel.data, [...kernel.shape]), bias: tf.tensor1d(bias) };
}
