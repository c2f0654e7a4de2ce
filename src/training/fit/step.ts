import type { AdamOptimizer, Scalar } from '@tensorflow/tfjs-core';
import { type FrontEnd, inputShapeOf } from '../../features/index.js';
import type { Tensor2D, Tf } from '../../inference/index.js';
import type { Batch } from '../data/batches.js';
import { argmax } from '../evaluate/metrics.js';
import type { TrainableNetwork } from '../network/trainable-network.js';
import type { Random } from '../random.js';

export interface StepResult {
  readonly loss: number;
  /** Windows whose strongest output is the strongest target. */
  readonly right: number;
}

/** The optimiser and the network it moves. */
export class Stepper {
  readonly #tf: Tf;
  readonly #network: TrainableNetwork;
  readonly #frontEnd: FrontEnd;
  readonly #optimizer: AdamOptimizer;
  readonly #weightDecay: number;

  /** @param weightDecay decoupled (Loshchilov & Hutter 2019): kernels shrink by rate · weightDecay a step */
  constructor(tf: Tf, network: TrainableNetwork, frontEnd: FrontEnd, weightDecay: number) {
    this.#tf = tf;
    this.#network = network;
    this.#frontEnd = frontEnd;
    this.#optimizer = tf.train.adam(0);
    this.#weightDecay = weightDecay;
  }

  /** One step of Adam on the categorical cross-entropy of a batch. */
  run(batch: Batch, rate: number, random: Random): StepResult {
    const tf = this.#tf;
    return tf.tidy(() => {
      const x = tf.tensor4d(batch.windows, [batch.size, ...inputShapeOf(this.#frontEnd)]);
      const targets = tf.tensor2d(batch.targets, [batch.size, batch.targets.length / batch.size]);
      let logits: Tensor2D | undefined;
      const loss = () => {
        logits = tf.keep(this.#network.train(x, random));
        const entropies = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1));
        return tf.mean(entropies) as Scalar;
      };
      // The only way to change the rate of tfjs' Adam between steps.
      (this.#optimizer as unknown as { learningRate: number }).learningRate = rate;
      const { value, grads } = this.#optimizer.computeGradients(loss, this.#network.trainable);
      this.#optimizer.applyGradients(grads as Parameters<AdamOptimizer['applyGradients']>[0]);
      this.#decayKernels(rate * this.#weightDecay);
      const right = countRight(logits!.dataSync(), batch);
      logits!.dispose();
      return { loss: value.dataSync()[0]!, right };
    });
  }

  /** Moments and step count of Adam. */
  async state(): Promise<{ readonly name: string; readonly shape: number[]; readonly data: Float32Array }[]> {
    const weights = await this.#optimizer.getWeights();
    const state = weights.map(({ name, tensor }) => ({
      name,
      shape: tensor.shape,
      data: Float32Array.from(tensor.dataSync()),
    }));
    // The step count is a tensor made for this call; the moments belong to the optimiser.
    for (const { name, tensor } of weights) if (name === 'iter') tensor.dispose();
    return state;
  }

  async restore(state: Awaited<ReturnType<Stepper['state']>>): Promise<void> {
    const tf = this.#tf;
    const tensors = state.map(({ name, shape, data }) => ({ name, tensor: tf.tensor(data, shape) }));
    await this.#optimizer.setWeights(tensors);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }

  #decayKernels(share: number): void {
    if (share === 0) return;
    for (const kernel of this.#network.kernels) kernel.assign(this.#tf.mul(kernel, 1 - share));
  }
}

function countRight(logits: ArrayLike<number>, { size, targets }: Batch): number {
  const classes = targets.length / size;
  const rows = Float32Array.from(logits);
  let right = 0;
  for (let from = 0; from < targets.length; from += classes) {
    if (argmax(rows.subarray(from, from + classes)) === argmax(targets.subarray(from, from + classes)))
      right++;
  }
  return right;
}
