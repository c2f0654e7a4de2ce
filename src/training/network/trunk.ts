import type { TfTensor as Tensor, Tensor1D, Tensor4D, Tf, Variable } from '../../inference/index.js';
import { type Handle, Kernels, type NormalisedBatch, type Precision } from './kernels.js';

/** A convolution of the trunk: Conv → BatchNormalization → ReLU, or Conv with bias → ReLU, and the pooling after it. */
export interface TrunkConvolution {
  readonly kernel: Variable;
  /** gamma and beta; `null` where a bias stands instead. */
  readonly norm: { readonly gamma: Variable; readonly beta: Variable; readonly epsilon: number } | null;
  readonly bias: Variable | null;
  /** A 2×2 pooling follows. */
  readonly pooled: boolean;
}

/** The trunk's map, and the statistics of each batch normalisation's batch, which are the caller's to dispose. */
export interface TrunkOutput {
  readonly map: Tensor4D;
  readonly statistics: readonly { readonly mean: Tensor1D; readonly variance: Tensor1D }[];
}

/** What the way back needs of a convolution. */
interface Trace {
  readonly input: Handle;
  readonly kernel: Handle;
  readonly sum: Handle;
  readonly norm: NormalisedBatch | null;
  /** What was pooled and what came of it; `null` where no pooling follows. */
  readonly pooling: { readonly map: Handle; readonly maxima: Handle } | null;
  readonly output: Handle;
}

/**
 * The thirteen convolutions of a VGG16 as one operation for tfjs, forwards and backwards in single TensorFlow kernels. tfjs
 * builds the gradients of batch normalisation and ReLU from a dozen elementwise operations each, and it knows no
 * bfloat16; this does, which on a processor with AVX512-BF16 or AMX takes a third off a step (`npm run bench -- training`).
 * ReLU comes after the pooling, on a quarter of the cells: a maximum may be rectified before or after it is taken.
 */
export class Trunk {
  readonly #tf: Tf;
  readonly #kernels: Kernels;
  readonly #convolutions: readonly TrunkConvolution[];

  constructor(tf: Tf, convolutions: readonly TrunkConvolution[], precision: Precision) {
    this.#tf = tf;
    this.#kernels = new Kernels(tf, precision);
    this.#convolutions = convolutions;
  }

  /** Normalises by the batch's own statistics; differentiable in every variable, not in `x`. @param x [batch, rows, columns, channels] */
  train(x: Tensor4D): TrunkOutput {
    const statistics: { mean: Tensor1D; variance: Tensor1D }[] = [];
    const run = this.#tf.customGrad((...given) => {
      // The last argument keeps tensors for the way back; the traces hold what that needs.
      given.pop();
      const input = this.#kernels.take(x);
      const traces = this.#forwards(input, statistics);
      const map = this.#kernels.show(traces.at(-1)!.output);
      return {
        value: map,
        gradFunc: (slope: Tensor) => this.#backwards(slope, input, traces),
      } as never;
    });
    const map = run(...(this.#variables() as unknown as Tensor[])) as Tensor4D;
    return { map, statistics };
  }

  #variables(): Variable[] {
    return this.#convolutions.flatMap(({ kernel, norm, bias }) => [
      kernel,
      ...(norm === null ? [] : [norm.gamma, norm.beta]),
      ...(bias === null ? [] : [bias]),
    ]);
  }

  #forwards(input: Handle, statistics: { mean: Tensor1D; variance: Tensor1D }[]): Trace[] {
    const traces: Trace[] = [];
    for (const convolution of this.#convolutions) {
      const trace = this.#convolve(traces.at(-1)?.output ?? input, convolution);
      if (trace.norm !== null) statistics.push(this.#statisticsOf(trace.norm));
      traces.push(trace);
    }
    return traces;
  }

  #convolve(input: Handle, { kernel: weights, norm, bias, pooled }: TrunkConvolution): Trace {
    const k = this.#kernels;
    const kernel = k.take(weights);
    const raw = k.conv(input, kernel);
    const sum = bias === null ? raw : this.#biased(raw, bias);
    const normalised = norm === null ? null : k.batchNorm(sum, norm.gamma, norm.beta, norm.epsilon);
    const map = normalised?.output ?? sum;
    const pooling = pooled ? { map, maxima: k.maxPool(map) } : null;
    const output = k.relu(pooling?.maxima ?? map);
    if (pooling === null && map !== sum) k.free(map);
    return { input, kernel, sum, norm: normalised, pooling, output };
  }

  #biased(raw: Handle, bias: Variable): Handle {
    const offset = this.#kernels.take(bias);
    const sum = this.#kernels.addBias(raw, offset);
    this.#kernels.free(raw, offset);
    return sum;
  }

  #statisticsOf({ mean, variance }: NormalisedBatch): { mean: Tensor1D; variance: Tensor1D } {
    const keep = (handle: Handle) => this.#tf.keep(this.#kernels.give(handle)) as Tensor1D;
    return { mean: keep(mean), variance: keep(variance) };
  }

  /** Slopes of all variables in their order; frees what the way forward left. */
  #backwards(mapSlope: Tensor, input: Handle, traces: readonly Trace[]): Tensor[] {
    let slope = this.#kernels.take(mapSlope);
    const slopes: Tensor[][] = [];
    for (const [i, convolution] of [...this.#convolutions.entries()].reverse()) {
      const isFirst = i === 0;
      const back = this.#back(slope, traces[i]!, convolution, isFirst);
      slopes.unshift(back.slopes);
      if (!isFirst) slope = back.slope!;
    }
    this.#kernels.free(input);
    return slopes.flat();
  }

  #back(
    outputSlope: Handle,
    trace: Trace,
    { norm, bias }: TrunkConvolution,
    isFirst: boolean,
  ): { readonly slope: Handle | null; readonly slopes: Tensor[] } {
    const k = this.#kernels;
    const mapSlope = this.#backToMap(outputSlope, trace);
    const slopes: Tensor[] = [];
    let sumSlope = mapSlope;
    if (norm !== null) {
      const [x, gamma, beta] = k.batchNormGrad(
        mapSlope,
        trace.sum,
        norm.gamma,
        trace.norm!.reserved,
        norm.epsilon,
      );
      k.free(mapSlope, ...trace.norm!.reserved);
      slopes.push(k.give(gamma), k.give(beta));
      sumSlope = x;
    }
    if (bias !== null) slopes.push(k.give(k.addBiasGrad(sumSlope)));
    slopes.unshift(k.give(k.convGradKernel(trace.input, trace.kernel, sumSlope)));
    const slope = isFirst ? null : k.convGradInput(trace.input, trace.kernel, sumSlope);
    k.free(sumSlope, trace.sum, trace.kernel);
    return { slope, slopes };
  }

  /** Through ReLU and pooling. */
  #backToMap(outputSlope: Handle, { output, pooling, sum }: Trace): Handle {
    const k = this.#kernels;
    const slope = k.reluGrad(outputSlope, output);
    k.free(outputSlope, output);
    if (pooling === null) return slope;
    const { map, maxima } = pooling;
    const mapSlope = k.maxPoolGrad(map, maxima, slope);
    k.free(slope, maxima, ...(map === sum ? [] : [map]));
    return mapSlope;
  }
}
