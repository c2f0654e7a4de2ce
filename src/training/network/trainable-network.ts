import { UndertoneError } from '../../errors.js';
import {
  type KerasModel,
  type LayerHeader,
  type TfTensor as Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  type Tf,
  type Variable,
  type Vgg16Architecture,
  vgg16Layers,
} from '../../inference/index.js';
import type { Random } from '../random.js';
import type { Precision } from './kernels.js';
import { Trunk } from './trunk.js';
import { trunkLayersOf } from './trunk-layers.js';
import { createWeights, type Weight } from './weights.js';

/** How much of each batch's mean and variance enters the moving ones. */
const BATCH_SHARE = 0.1;

/**
 * A VGG16 in TensorFlow variables. Holds exactly the layers that {@link vgg16Layers} names, so what is trained here
 * is what a bundle holds and an engine runs. Its last activation is left out: it gives logits.
 */
export class TrainableNetwork {
  readonly architecture: Vgg16Architecture;
  readonly weights: readonly Weight[];
  readonly #tf: Tf;
  readonly #headers: readonly LayerHeader[];
  readonly #trunk: Trunk;
  /** Layers of the trunk; the head comes after them. */
  readonly #trunkLayers: number;
  /** Moving mean and variance of each batch normalisation, in order. */
  readonly #moving: readonly (readonly [Variable, Variable])[];

  constructor(tf: Tf, architecture: Vgg16Architecture, random: Random, precision: Precision) {
    this.#tf = tf;
    this.architecture = architecture;
    this.#headers = vgg16Layers(architecture);
    this.weights = createWeights(tf, this.#headers, architecture.inputShape, random);
    const { convolutions, moving, layers } = trunkLayersOf(this.#headers, this.weights);
    this.#trunk = new Trunk(tf, convolutions, precision);
    this.#trunkLayers = layers;
    this.#moving = moving;
  }

  get trainable(): Variable[] {
    return this.weights.filter(({ role }) => role !== 'moving').map(({ variable }) => variable);
  }

  get kernels(): Variable[] {
    return this.weights.filter(({ role }) => role === 'kernel').map(({ variable }) => variable);
  }

  /** Logits by the moving statistics, as an engine computes them. @param x [batch, frames, mels, 1] */
  predict(x: Tensor4D): Tensor2D {
    return this.#run(0, x, null);
  }

  /** Logits by the batch's statistics, with dropout; moves the moving statistics. */
  train(x: Tensor4D, random: Random): Tensor2D {
    const { map, statistics } = this.#trunk.train(x);
    statistics.forEach(({ mean, variance }, i) => {
      const [movingMean, movingVariance] = this.#moving[i]!;
      this.#moveTowards(movingMean, mean);
      this.#moveTowards(movingVariance, variance);
    });
    return this.#run(this.#trunkLayers, map, random);
  }

  /** All weights, copied out. */
  read(): Float32Array[] {
    return this.weights.map(({ variable }) => (variable.dataSync() as Float32Array).slice());
  }

  /** @param values as {@link read} gave them */
  write(values: readonly Float32Array[]): void {
    this.weights.forEach(({ variable, shape }, i) => {
      const value = this.#tf.tensor(values[i]!, [...shape]);
      variable.assign(value);
      value.dispose();
    });
  }

  toKeras(name: string, values: readonly Float32Array[]): KerasModel {
    const layers = this.#headers.map((header, layer) => ({
      ...header,
      weights: this.weights.flatMap((weight, i) =>
        weight.layer === layer ? [{ shape: weight.shape, data: values[i]! }] : [],
      ),
    }));
    return { name, inputShape: this.architecture.inputShape, layers };
  }

  dispose(): void {
    for (const { variable } of this.weights) variable.dispose();
  }

  #run(from: number, x: Tensor4D, random: Random | null): Tensor2D {
    let value: Tensor = x;
    this.#headers.slice(from).forEach((header, i) => {
      const layer = from + i;
      const weights = this.weights.filter((weight) => weight.layer === layer).map(({ variable }) => variable);
      value = this.#apply(header, weights, value, random);
    });
    return value as Tensor2D;
  }

  #apply({ className, config }: LayerHeader, weights: Variable[], x: Tensor, random: Random | null): Tensor {
    const tf = this.#tf;
    switch (className) {
      case 'Conv2D': {
        const sum = tf.conv2d(x as Tensor4D, weights[0] as unknown as Tensor4D, 1, 'same');
        return this.#activate(weights[1] === undefined ? sum : tf.add(sum, weights[1]), config.activation);
      }
      case 'BatchNormalization':
        return this.#batchNorm(x as Tensor4D, weights, config.epsilon as number);
      case 'Activation':
        return this.#activate(x, config.activation);
      case 'MaxPooling2D':
        return tf.maxPool(x as Tensor4D, 2, 2, 'valid');
      case 'GlobalAveragePooling2D':
        return tf.mean(x, [1, 2]);
      case 'Flatten':
        return tf.reshape(x, [x.shape[0]!, -1]);
      case 'Dropout':
        return random === null ? x : tf.mul(x, this.#dropoutMask(x.shape, config.rate as number, random));
      case 'Dense':
        return this.#activate(
          tf.add(tf.matMul(x as Tensor2D, weights[0] as unknown as Tensor2D), weights[1]!),
          config.activation,
        );
      default:
        throw new UndertoneError('UT_INTERNAL', `no way to train a layer ${className}.`);
    }
  }

  /** Softmax belongs to the loss. */
  #activate(x: Tensor, activation: unknown): Tensor {
    return activation === 'relu' ? this.#tf.relu(x) : x;
  }

  /** By the moving statistics: in training the trunk normalises. */
  #batchNorm(x: Tensor4D, weights: Variable[], epsilon: number): Tensor {
    const [gamma, beta, mean, variance] = weights as unknown as [Tensor1D, Tensor1D, Tensor1D, Tensor1D];
    return this.#tf.batchNorm(x, mean, variance, beta, gamma, epsilon);
  }

  #moveTowards(moving: Variable, batch: Tensor1D): void {
    const tf = this.#tf;
    const moved = tf.tidy(() => tf.add(tf.mul(moving, 1 - BATCH_SHARE), tf.mul(batch, BATCH_SHARE)));
    moving.assign(moved);
    moved.dispose();
    batch.dispose();
  }

  #dropoutMask(shape: readonly number[], rate: number, random: Random): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    const mask = Float32Array.from({ length: size }, () => (random.chance(rate) ? 0 : 1 / (1 - rate)));
    return this.#tf.tensor(mask, [...shape]);
  }
}
