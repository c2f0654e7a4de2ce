// @ts-check
import { createRequire } from 'node:module';

/** @import { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core' */
/** @import { Tf } from '../tfjs/load.js' */
/** @import { TfjsAffine, TfjsConvolution, TfjsDense, TfjsNetwork } from '../tfjs/network.js' */
/** @import { Session, SessionModelOf, SessionSetup } from './session-messages.js' */

/** @typedef {[number, number]} Shape2D */
/** @typedef {[number, number, number, number]} Shape4D */

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
function networkIn(tf, { inputScale, blocks, pooling, head }) {
  const prepare = affineIn(tf, inputScale);
  const convolutions = blocks.map((block) => block.map((convolution) => convolutionIn(tf, convolution)));
  const collect = poolingIn(tf, pooling);
  const dense = head.map((unit) => denseIn(tf, unit));
  return (window) => {
    const map = convolutions.reduce(
      (x, block) => tf.maxPool(inOrder(block, x), 2, 2, 'valid'),
      prepare(window),
    );
    return inOrder(dense, collect(map));
  };
}

/** @template T @param {readonly ((x: T) => T)[]} steps @param {T} start */
function inOrder(steps, start) {
  return steps.reduce((x, step) => step(x), start);
}

/** @param {Tf} tf @param {TfjsConvolution} convolution @returns {(x: Tensor4D) => Tensor4D} */
function convolutionIn(tf, { kernel, bias, after }) {
  const weights = tf.tensor4d(kernel.data, /** @type {Shape4D} */ (kernel.shape));
  const biases = tf.tensor1d(bias);
  const finish = affineIn(tf, after);
  return (x) => finish(tf.relu(tf.add(tf.conv2d(x, weights, 1, 'same'), biases)));
}

/** @param {Tf} tf @param {TfjsAffine | undefined} affine @returns {(x: Tensor4D) => Tensor4D} */
function affineIn(tf, affine) {
  if (affine === undefined) return (x) => x;
  const [scale, shift] = [tf.tensor1d(affine.scale), tf.tensor1d(affine.shift)];
  return (x) => tf.add(tf.mul(x, scale), shift);
}

/** @param {Tf} tf @param {TfjsNetwork['pooling']} pooling @returns {(map: Tensor4D) => Tensor2D} */
function poolingIn(tf, pooling) {
  if (pooling === 'flatten') return (map) => tf.reshape(map, [1, map.size]);
  const reduce = pooling === 'average' ? tf.mean : tf.max;
  return (map) => /** @type {Tensor2D} */ (reduce(map, [1, 2]));
}

/** @param {Tf} tf @param {TfjsDense} unit @returns {(x: Tensor2D) => Tensor2D} */
function denseIn(tf, { kernel, bias, activation }) {
  const weights = tf.tensor2d(kernel.data, /** @type {Shape2D} */ (kernel.shape));
  const biases = tf.tensor1d(bias);
  const activate = activationIn(tf, activation);
  return (x) => activate(tf.add(tf.matMul(x, weights), biases));
}

/** @param {Tf} tf @param {TfjsDense['activation']} activation @returns {(x: Tensor2D) => Tensor2D} */
function activationIn(tf, activation) {
  if (activation === 'linear') return (x) => x;
  if (activation === 'softsign') return (x) => tf.div(x, tf.add(tf.abs(x), 1));
  return tf[activation];
}
