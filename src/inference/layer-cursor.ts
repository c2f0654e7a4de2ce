import { UndertoneError } from '../errors.js';
import { type LayerClass, type LayerSpec, specOf } from './keras/layers.js';
import type { KerasLayer, Tensor } from './keras-model.js';

type Taken<C extends LayerClass> = Extract<LayerSpec, { className: C }> & {
  readonly weights: readonly Tensor[];
};

/** Reads a model's layers in order, past those that only train, and words the message where one is not what was expected. */
export class LayerCursor {
  /** Rates of the Dropout layers passed so far. */
  readonly dropoutRates: number[] = [];
  readonly #layers: readonly KerasLayer[];
  readonly #place: string;
  #next = 0;

  constructor(layers: readonly KerasLayer[], place: string) {
    this.#layers = layers;
    this.#place = place;
  }

  /** Whether the next layer is of this class. */
  at(className: LayerClass): boolean {
    return this.#peek()?.className === className;
  }

  take<C extends LayerClass>(className: C, expected: string): Taken<C> {
    const layer = this.#peek();
    if (layer?.className !== className) throw this.#unexpected(expected);
    this.#next++;
    return { ...specOf(layer, this.#place), weights: layer.weights } as unknown as Taken<C>;
  }

  /** Takes an Activation, ReLU or Softmax layer, if one stands here, and says what it does. */
  takeAnyActivation(): ActivationName {
    const layer = this.#peek();
    const name = layer && activationOf(specOf(layer, this.#place));
    if (!name) return 'linear';
    this.#next++;
    return name;
  }

  takeActivation(name: 'relu', expected: string): void {
    const before = this.#next;
    const found = this.takeAnyActivation();
    if (found === name) return;
    this.#next = before;
    throw this.#unexpected(expected);
  }

  expectEnd(): void {
    if (this.#peek()) throw this.#unexpected('the end after softmax');
  }

  /** The layer just taken has a setting that differs. */
  differs(found: string, expected: string): UndertoneError {
    const { name } = this.#layers[this.#next - 1]!;
    return this.mismatch(`layer ${this.#next} "${name}" has ${found}, expected ${expected}.`);
  }

  mismatch(detail: string): UndertoneError {
    return new UndertoneError('UT_INFERENCE_NOT_VGG16', detail, { place: this.#place });
  }

  #unexpected(expected: string): UndertoneError {
    const layer = this.#layers[this.#next];
    const found = layer
      ? `layer ${this.#next + 1} "${layer.name}" is ${layer.className}`
      : `the model ends after layer ${this.#next}`;
    return this.mismatch(`${found}, expected ${expected}.`);
  }

  #peek(): KerasLayer | undefined {
    for (;;) {
      const layer = this.#layers[this.#next];
      if (layer === undefined || !TRAINING_ONLY.has(layer.className)) return layer;
      const spec = specOf(layer, this.#place);
      if (spec.className === 'Dropout') this.dropoutRates.push(spec.config.rate);
      this.#next++;
    }
  }
}

/** What a Dense layer may be followed by, by Keras' names. */
export type ActivationName = Extract<LayerSpec, { className: 'Activation' }>['config']['activation'];

/** Layers that pass their input on unchanged once a model is trained. */
const TRAINING_ONLY: ReadonlySet<string> = new Set([
  'Dropout',
  'SpatialDropout2D',
  'GaussianNoise',
  'GaussianDropout',
] satisfies LayerClass[]);

function activationOf(spec: LayerSpec): ActivationName | undefined {
  if (spec.className === 'ReLU') return 'relu';
  if (spec.className === 'Softmax') return 'softmax';
  return spec.className === 'Activation' ? spec.config.activation : undefined;
}
