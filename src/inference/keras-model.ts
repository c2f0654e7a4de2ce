/** A weight as Keras stores it: row-major, channels last. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * One layer of a Keras Sequential model. `weights` in Keras' own order: Conv2D and Dense [kernel, bias];
 * BatchNormalization [gamma, beta, moving_mean, moving_variance]. Conv2D kernels are [height, width, in, out].
 */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  /** The layer's `config` as in Keras' config.json, without `name`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: readonly Tensor[];
}

/** A Sequential model with one input [inputShape] = [frames, mels, channels] and layers in order. */
export interface KerasModel {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly KerasLayer[];
}
