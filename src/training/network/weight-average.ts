import type { TfTensor as Tensor, Tf, Variable } from '../../inference/index.js';

/**
 * A running average of all weights (Polyak averaging). It is what is validated and kept: it generalises better than
 * the weights of a single step and makes one epoch comparable with the next.
 */
export class WeightAverage {
  readonly #tf: Tf;
  readonly #variables: readonly Variable[];
  readonly #decay: number;
  #averages: Tensor[];
  #steps: number;

  /** @param decay share of the average that a step keeps; 0 follows the weights themselves */
  constructor(tf: Tf, variables: readonly Variable[], decay: number) {
    this.#tf = tf;
    this.#variables = variables;
    this.#decay = decay;
    this.#averages = variables.map((variable) => tf.clone(variable));
    this.#steps = 0;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Takes one step's weights in; the first steps count more, so that the random start is soon forgotten. */
  update(): void {
    const decay = Math.min(this.#decay, (1 + this.#steps) / (10 + this.#steps));
    const tf = this.#tf;
    const next = tf.tidy(() =>
      this.#variables.map((variable, i) =>
        tf.add(tf.mul(this.#averages[i]!, decay), tf.mul(variable, 1 - decay)),
      ),
    );
    this.dispose();
    this.#averages = next;
    this.#steps++;
  }

  read(): Float32Array[] {
    return this.#averages.map((average) => (average.dataSync() as Float32Array).slice());
  }

  /** Goes on from what {@link read} and {@link steps} gave. */
  restore(values: readonly Float32Array[], steps: number): void {
    const shapes = this.#averages.map((average) => average.shape);
    this.dispose();
    this.#averages = values.map((value, i) => this.#tf.tensor(value, shapes[i]!));
    this.#steps = steps;
  }

  dispose(): void {
    for (const average of this.#averages) average.dispose();
  }
}
