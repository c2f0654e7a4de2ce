import { UndertoneError } from '../../errors.js';
import { type KerasModel, type Tf, vgg16Of } from '../../inference/index.js';
import type { Batch } from '../data/batches.js';
import { softmax } from '../evaluate/clip-predictions.js';
import { TrainableNetwork } from '../network/trainable-network.js';
import { Random } from '../random.js';

/** Models whose mean opinion of a window is mixed into what is to be learnt of it. */
export class Teachers {
  readonly #tf: Tf;
  readonly #networks: readonly TrainableNetwork[];
  readonly #shape: readonly [number, number, number];
  readonly #share: number;

  /**
   * @param share of the target that is the teachers' opinion
   * @throws UT_TRAINING_BAD_OPTIONS where a teacher takes other inputs or tells other classes apart than the pupil
   */
  constructor(
    tf: Tf,
    models: readonly KerasModel[],
    pupil: { readonly inputShape: readonly [number, number, number]; readonly classes: number },
    share: number,
  ) {
    this.#tf = tf;
    this.#shape = pupil.inputShape;
    this.#share = share;
    this.#networks = models.map((model) => {
      const { architecture } = vgg16Of(model, model.name);
      const network = new TrainableNetwork(tf, architecture, new Random('teacher'), 'float32');
      network.write(model.layers.flatMap(({ weights }) => weights.map(({ data }) => data)));
      const fits =
        `${architecture.inputShape}` === `${pupil.inputShape}` && architecture.classes === pupil.classes;
      if (fits) return network;
      const detail = `the teacher "${model.name}" takes [${architecture.inputShape}] and has ${architecture.classes} classes; the pupil [${pupil.inputShape}] and ${pupil.classes}.`;
      throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--teacher' });
    });
  }

  /** The batch with the teachers' opinion mixed into its targets; the batch itself where there is no teacher. */
  soften(batch: Batch): Batch {
    if (this.#networks.length === 0) return batch;
    const classes = batch.targets.length / batch.size;
    const targets = batch.targets.map((target) => target * (1 - this.#share));
    const part = this.#share / this.#networks.length;
    for (const logits of this.#opinions(batch)) {
      for (let row = 0; row < batch.size; row++) {
        softmax(logits.subarray(row * classes, (row + 1) * classes)).forEach((probability, c) => {
          targets[row * classes + c]! += part * probability;
        });
      }
    }
    return { ...batch, targets };
  }

  dispose(): void {
    for (const network of this.#networks) network.dispose();
  }

  #opinions({ windows, size }: Batch): Float32Array[] {
    const opinions: Float32Array[] = [];
    this.#tf.tidy(() => {
      const x = this.#tf.tensor4d(windows, [size, ...this.#shape]);
      for (const network of this.#networks) opinions.push(network.predict(x).dataSync() as Float32Array);
    });
    return opinions;
  }
}
