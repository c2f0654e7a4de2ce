import type { Tensor1D, Tensor4D, Tf } from '../tfjs.js';

/**
 * tfjs-node's way to call a TensorFlow kernel by its name. It is not part of tfjs' documented interface; the version
 * is pinned by the install script.
 */
interface KernelBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL', number>
  >;
  executeSingleOutput(name: string, attributes: object[], inputs: object[]): Tensor4D;
  executeMultipleOutputs(name: string, attributes: object[], inputs: object[], outputs: number): Tensor4D[];
}

/** Output of a training batch normalisation with the statistics of its batch. Both statistics are the caller's to dispose. */
export interface BatchNormalised {
  readonly output: Tensor4D;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/**
 * Batch normalisation and ReLU whose gradients are single TensorFlow kernels. tfjs builds these gradients from a dozen
 * elementwise operations; for a VGG16 of width 0.25 the fused ones make a training step 2.3 times as fast.
 */
export class FastOps {
  readonly #tf: Tf;
  readonly #backend: KernelBackend;

  constructor(tf: Tf) {
    this.#tf = tf;
    this.#backend = tf.backend() as unknown as KernelBackend;
  }

  /** Normalises by the batch's own mean and variance. @param x [batch, height, width, channels] */
  batchNormTraining(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D, epsilon: number): BatchNormalised {
    const attributes = this.#batchNormAttributes(epsilon);
    let statistics: [Tensor4D, Tensor4D] | undefined;
    const normalise = this.#tf.customGrad((...given) => {
      const [input, scale, offset, save] = given as unknown as [
        Tensor4D,
        Tensor1D,
        Tensor1D,
        (kept: object[]) => void,
      ];
      const none = this.#tf.tensor1d([]);
      const inputs = [input, scale, offset, none, none];
      const outputs = this.#backend.executeMultipleOutputs('FusedBatchNormV3', attributes(), inputs, 6);
      statistics = [this.#tf.keep(outputs[1]!), this.#tf.keep(outputs[2]!)];
      save([input, scale, outputs[3]!, outputs[4]!, outputs[5]!]);
      return {
        value: outputs[0]!,
        gradFunc: (slope: object, kept: object[]) =>
          this.#backend
            .executeMultipleOutputs('FusedBatchNormGradV3', attributes(), [slope, ...kept], 5)
            .slice(0, 3),
      };
    });
    const output = normalise(x, gamma, beta) as Tensor4D;
    const [mean, variance] = statistics as unknown as [Tensor1D, Tensor1D];
    return { output, mean, variance };
  }

  relu(x: Tensor4D): Tensor4D {
    const { TF_ATTR_TYPE, TF_FLOAT } = this.#backend.binding;
    const rectify = this.#tf.customGrad((...given) => {
      const [input, save] = given as unknown as [Tensor4D, (kept: object[]) => void];
      const value = this.#tf.relu(input);
      save([value]);
      const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }];
      return {
        value,
        gradFunc: (slope: object, kept: object[]) =>
          this.#backend.executeSingleOutput('ReluGrad', attributes, [slope, kept[0]!]),
      };
    });
    return rectify(x) as Tensor4D;
  }

  #batchNormAttributes(epsilon: number): () => object[] {
    const { TF_ATTR_TYPE, TF_FLOAT, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL } = this.#backend.binding;
    return () => [
      { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: 'U', type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
      { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
      { name: 'is_training', type: TF_ATTR_BOOL, value: true },
    ];
  }
}
