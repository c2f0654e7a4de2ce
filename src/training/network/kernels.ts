import type { TfTensor as Tensor, Tf } from '../../inference/index.js';

/** A tensor of TensorFlow that tfjs knows nothing of: it may hold bfloat16, and nobody frees it but {@link Kernels.free}. */
export interface Handle {
  readonly id: number;
  readonly shape: readonly number[];
  /** TensorFlow's number of the element type. */
  readonly dtype: number;
}

/** Element type in which convolutions are computed; sums stand in float32 in both. */
export type Precision = 'float32' | 'bfloat16';

/**
 * tfjs-node's way to call a TensorFlow kernel by its name. It is not part of tfjs' documented interface; the version
 * is pinned by the install script.
 */
interface KernelBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL', number>
  > & {
    executeOp(name: string, attributes: object[], inputs: readonly number[], outputs: number): Handle[];
    createTensor(shape: readonly number[], dtype: number, values: Int32Array | Float32Array): number;
    deleteTensor(id: number): void;
  };
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  createOutputTensor(handle: Handle): Tensor;
}

const DT_FLOAT = 1;
const DT_INT32 = 3;
const DT_BFLOAT16 = 14;

/** Output of a batch normalisation by the statistics of its batch, with what its gradient needs. */
export interface NormalisedBatch {
  readonly output: Handle;
  readonly mean: Handle;
  readonly variance: Handle;
  readonly reserved: readonly Handle[];
}

/** The TensorFlow kernels of a convolutional network, forwards and backwards, in one precision. */
export class Kernels {
  readonly #backend: KernelBackend;
  readonly #type: number;

  constructor(tf: Tf, precision: Precision) {
    this.#backend = tf.backend() as unknown as KernelBackend;
    this.#type = precision === 'bfloat16' ? DT_BFLOAT16 : DT_FLOAT;
  }

  /** A copy of a tfjs tensor in this precision. */
  take(tensor: Tensor): Handle {
    return this.#cast(this.#borrow(tensor), this.#type);
  }

  /** A copy for tfjs, as float32. */
  show(handle: Handle): Tensor {
    return this.#backend.createOutputTensor(this.#cast(handle, DT_FLOAT));
  }

  /** Hands a result to tfjs as float32 and frees it here. */
  give(handle: Handle): Tensor {
    const result = this.show(handle);
    this.free(handle);
    return result;
  }

  free(...handles: readonly Handle[]): void {
    for (const { id } of handles) this.#backend.binding.deleteTensor(id);
  }

  conv(x: Handle, kernel: Handle): Handle {
    return this.#one('Conv2D', [x, kernel], this.#convAttributes());
  }

  convGradInput(x: Handle, kernel: Handle, slope: Handle): Handle {
    const shape = this.#constant(DT_INT32, Int32Array.from(x.shape));
    const result = this.#one('Conv2DBackpropInput', [shape, kernel, slope], this.#convAttributes());
    this.free(shape);
    return result;
  }

  convGradKernel(x: Handle, kernel: Handle, slope: Handle): Handle {
    const shape = this.#constant(DT_INT32, Int32Array.from(kernel.shape));
    const result = this.#one('Conv2DBackpropFilter', [x, shape, slope], this.#convAttributes());
    this.free(shape);
    return result;
  }

  addBias(x: Handle, bias: Handle): Handle {
    return this.#one('BiasAdd', [x, bias], [this.#text('data_format', 'NHWC')]);
  }

  addBiasGrad(slope: Handle): Handle {
    return this.#one('BiasAddGrad', [slope], [this.#text('data_format', 'NHWC')]);
  }

  /** @param gamma, beta tfjs tensors: scale and offset stay in float32 */
  batchNorm(x: Handle, gamma: Tensor, beta: Tensor, epsilon: number): NormalisedBatch {
    const none = this.#constant(DT_FLOAT, new Float32Array(0));
    const inputs = [x, this.#borrow(gamma), this.#borrow(beta), none, none];
    const outputs = this.#run('FusedBatchNormV3', inputs, this.#normAttributes(epsilon), 6);
    this.free(none);
    const [output, mean, variance, ...reserved] = outputs as [Handle, Handle, Handle, ...Handle[]];
    return { output, mean, variance, reserved };
  }

  /** Slopes of the input, of gamma and of beta. */
  batchNormGrad(
    slope: Handle,
    x: Handle,
    gamma: Tensor,
    reserved: readonly Handle[],
    epsilon: number,
  ): [Handle, Handle, Handle] {
    const inputs = [slope, x, this.#borrow(gamma), ...reserved];
    const outputs = this.#run('FusedBatchNormGradV3', inputs, this.#normAttributes(epsilon), 5);
    const [input, scale, offset, ...unused] = outputs as [Handle, Handle, Handle, Handle, Handle];
    this.free(...unused);
    return [input, scale, offset];
  }

  relu(x: Handle): Handle {
    return this.#one('Relu', [x]);
  }

  reluGrad(slope: Handle, output: Handle): Handle {
    return this.#one('ReluGrad', [slope, output]);
  }

  /** 2×2, stride 2; a last odd row or column is dropped. */
  maxPool(x: Handle): Handle {
    return this.#one('MaxPool', [x], this.#poolAttributes());
  }

  /**
   * The slope goes to the cell that holds its square's maximum, in equal shares where several do: silence is full of such
   * squares. TensorFlow's own kernel, which takes the first of them, was the slowest but one of a step; these together are not.
   */
  maxPoolGrad(input: Handle, output: Handle, slope: Handle): Handle {
    const [, rows, columns] = input.shape as [number, number, number, number];
    if (rows % 2 === 1 || columns % 2 === 1)
      return this.#one('MaxPoolGrad', [input, output, slope], this.#poolAttributes());
    const size = this.#constant(DT_INT32, Int32Array.of(rows, columns));
    const maxima = this.#repeat(output, size);
    const equal = this.#one('Equal', [input, maxima], [this.#flag('incompatible_shape_error', true)]);
    const holds = this.#cast(equal, this.#type);
    const quarters = this.#one('AvgPool', [holds], this.#poolAttributes());
    const four = this.#four();
    const holders = this.#one('Mul', [quarters, four]);
    const share = this.#one('RealDiv', [slope, holders]);
    const shares = this.#repeat(share, size);
    const result = this.#one('Mul', [holds, shares]);
    this.free(size, maxima, equal, holds, quarters, four, holders, share, shares);
    return result;
  }

  /** The cells of a square, in this precision. */
  #four(): Handle {
    const value = this.#constant(DT_FLOAT, Float32Array.of(4));
    const result = this.#cast(value, this.#type);
    this.free(value);
    return result;
  }

  /** Each cell of a map as often as it takes to fill `size`, a tensor of rows and columns. */
  #repeat(map: Handle, size: Handle): Handle {
    const attributes = [this.#flag('align_corners', false), this.#flag('half_pixel_centers', false)];
    return this.#one('ResizeNearestNeighbor', [map, size], attributes);
  }

  #borrow(tensor: Tensor): Handle {
    const [id] = this.#backend.getInputTensorIds([tensor]);
    return { id: id!, shape: tensor.shape, dtype: DT_FLOAT };
  }

  #cast(from: Handle, to: number): Handle {
    const type = (name: string, value: number) => ({ name, type: this.#types.TF_ATTR_TYPE, value });
    const attributes = [type('SrcT', from.dtype), type('DstT', to), this.#flag('Truncate', false)];
    const [result] = this.#backend.binding.executeOp('Cast', attributes, [from.id], 1);
    return result!;
  }

  #constant(dtype: number, values: Int32Array | Float32Array): Handle {
    const shape = [values.length];
    return { id: this.#backend.binding.createTensor(shape, dtype, values), shape, dtype };
  }

  #one(name: string, inputs: readonly Handle[], attributes: readonly object[] = []): Handle {
    return this.#run(name, inputs, attributes, 1)[0]!;
  }

  #run(name: string, inputs: readonly Handle[], attributes: readonly object[], outputs: number): Handle[] {
    const type = { name: 'T', type: this.#types.TF_ATTR_TYPE, value: this.#type };
    const ids = inputs.map(({ id }) => id);
    return this.#backend.binding.executeOp(name, [type, ...attributes], ids, outputs);
  }

  get #types(): KernelBackend['binding'] {
    return this.#backend.binding;
  }

  #flag(name: string, value: boolean): object {
    return { name, type: this.#types.TF_ATTR_BOOL, value };
  }

  #text(name: string, value: string): object {
    return { name, type: this.#types.TF_ATTR_STRING, value };
  }

  #ints(name: string, value: readonly number[]): object {
    return { name, type: this.#types.TF_ATTR_INT, value };
  }

  #convAttributes(): object[] {
    return [
      this.#ints('strides', [1, 1, 1, 1]),
      this.#ints('dilations', [1, 1, 1, 1]),
      this.#text('padding', 'SAME'),
      this.#text('data_format', 'NHWC'),
    ];
  }

  #poolAttributes(): object[] {
    return [
      this.#ints('ksize', [1, 2, 2, 1]),
      this.#ints('strides', [1, 2, 2, 1]),
      this.#text('padding', 'VALID'),
      this.#text('data_format', 'NHWC'),
    ];
  }

  #normAttributes(epsilon: number): object[] {
    return [
      { name: 'U', type: this.#types.TF_ATTR_TYPE, value: DT_FLOAT },
      { name: 'epsilon', type: this.#types.TF_ATTR_FLOAT, value: epsilon },
      this.#text('data_format', 'NHWC'),
      this.#flag('is_training', true),
    ];
  }
}
