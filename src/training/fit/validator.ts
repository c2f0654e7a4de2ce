import { type FrontEnd, inputLengthOf, inputShapeOf } from '../../features/index.js';
import type { Tf } from '../../inference/index.js';
import { cutWindow, servedStarts, type VoicedFrames } from '../data/windows.js';
import { meanNll, meanProbabilities, softmax } from '../evaluate/clip-predictions.js';
import { argmax, metricsOf } from '../evaluate/metrics.js';
import type { HeardClip } from '../evaluate/points.js';
import type { TrainableNetwork } from '../network/trainable-network.js';

export interface ValidationClip {
  readonly label: number;
  readonly clip: VoicedFrames;
}

/** How the network does on clips it has not been trained on, each called by the mean over its windows. */
export interface Validation {
  readonly loss: number;
  readonly accuracy: number;
  readonly unweightedAccuracy: number;
}

const BATCH = 32;

/** Holds the windows of the validation clips, cut once. */
export class Validator {
  readonly #tf: Tf;
  readonly #labels: readonly string[];
  readonly #shape: readonly [number, number, number];
  /** Float32 [windows × input] */
  readonly #windows: Float32Array;
  readonly #clips: readonly { readonly label: number; readonly from: number; readonly to: number }[];

  constructor(tf: Tf, clips: readonly ValidationClip[], labels: readonly string[], frontEnd: FrontEnd) {
    this.#tf = tf;
    this.#labels = labels;
    this.#shape = inputShapeOf(frontEnd);
    const length = inputLengthOf(frontEnd);
    const starts = clips.map(({ clip }) => servedStarts(clip, frontEnd));
    const count = starts.reduce((sum, { length }) => sum + length, 0);
    this.#windows = new Float32Array(count * length);
    let at = 0;
    this.#clips = clips.map(({ clip, label }, i) => {
      const from = at;
      for (const start of starts[i]!) {
        cutWindow(clip, start, frontEnd, this.#windows.subarray(at * length, (at + 1) * length));
        at++;
      }
      return { label, from, to: at };
    });
  }

  get clips(): number {
    return this.#clips.length;
  }

  /** The windows of each clip: what calibration looks at. */
  hear(network: TrainableNetwork): HeardClip[] {
    const windows = this.#probabilities(network);
    return this.#clips.map(({ label, from, to }) => ({ actual: label, windows: windows.slice(from, to) }));
  }

  judge(network: TrainableNetwork): Validation {
    const windows = this.#probabilities(network);
    const items = this.#clips.map(({ label, from, to }) => ({
      actual: label,
      probabilities: meanProbabilities(windows.slice(from, to)),
    }));
    const judgements = items.map(({ actual, probabilities }) => ({
      actual,
      predicted: argmax(probabilities),
    }));
    const { accuracy, unweightedAccuracy } = metricsOf(judgements, this.#labels);
    return { loss: meanNll(items), accuracy, unweightedAccuracy };
  }

  #probabilities(network: TrainableNetwork): number[][] {
    const length = this.#shape.reduce((product, size) => product * size, 1);
    const rows: number[][] = [];
    for (let from = 0; from < this.#windows.length; from += BATCH * length) {
      const batch = this.#windows.subarray(from, from + BATCH * length);
      const logits = this.#tf.tidy(() =>
        network.predict(this.#tf.tensor4d(batch, [batch.length / length, ...this.#shape])).dataSync(),
      );
      const classes = this.#labels.length;
      for (let i = 0; i < logits.length; i += classes) rows.push(softmax(logits.slice(i, i + classes)));
    }
    return rows;
  }
}
