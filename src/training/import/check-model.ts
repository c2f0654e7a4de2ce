import { UndertoneError } from '../../errors.js';
import { type FrontEnd, inputLengthOf, silenceDb, toModelInput } from '../../features/index.js';
import { type Classifier, createOnnxClassifier, type Vgg16 } from '../../inference/index.js';
import { clipAtRate, readMono } from '../clip-audio.js';
import { spectrogramOf } from '../prepare/spectrogram.js';
import type { Expectation, Expectations, ExpectedAudio, ExpectedInput } from './expectations.js';
import { type Suspect, suspectFrontEnds, suspectInputs } from './suspects.js';

/** The largest difference of a probability that is taken for the same. */
export interface Tolerances {
  /** The same input: other arithmetic only. */
  readonly inputs: number;
  /** The same recording: resampling and the last decimals of a spectrogram, too. */
  readonly audio: number;
}

export const DEFAULT_TOLERANCES: Tolerances = { inputs: 1e-4, audio: 1e-2 };

/** What one kind of expectations showed. */
export interface CheckResult {
  readonly kind: keyof Tolerances;
  readonly count: number;
  readonly largestDifference: number;
  /** Where the largest difference is. */
  readonly worst: string;
  readonly tolerance: number;
}

/** What the check of a model needs. */
export interface CheckedModel {
  readonly network: Vgg16;
  readonly labels: readonly string[];
  readonly frontEnd: FrontEnd;
  /** The expected outputs are logits. */
  readonly logits: boolean;
}

/**
 * Compares the model's answers on the engine that serves it with those of the place where it was made.
 *
 * @throws UT_TRAINING_BAD_CHECK for an example that is no input of the model, UT_TRAINING_IMPORT_DIFFERS naming the largest difference and the setting that would explain it
 */
export async function checkModel(
  model: CheckedModel,
  { inputs, audio }: Expectations,
  tolerances: Tolerances,
): Promise<CheckResult[]> {
  const classifier = createOnnxClassifier({ bundle: model, threads: 1 });
  await classifier.start();
  try {
    const bench = new CheckBench(classifier, model);
    const checks = [];
    if (inputs.length > 0) checks.push(await bench.inputs(inputs, tolerances.inputs));
    if (audio.length > 0) checks.push(await bench.audio(audio, tolerances.audio));
    return checks;
  } finally {
    await classifier.close();
  }
}

/** Suspects are tried on so many examples. */
const TRIED_ON = 2;

class CheckBench {
  readonly #classifier: Classifier;
  readonly #model: CheckedModel;

  constructor(classifier: Classifier, model: CheckedModel) {
    this.#classifier = classifier;
    this.#model = model;
  }

  async inputs(expected: readonly ExpectedInput[], tolerance: number): Promise<CheckResult> {
    const result = await this.#compare('inputs', expected, ({ input }) => input, tolerance);
    if (result.largestDifference <= tolerance) return result;
    const channels = this.#model.network.architecture.inputShape[2];
    const names = suspectInputs(expected[0]!.input, channels).map(({ name }) => name);
    const suspects = names.map((name, i) => ({
      name,
      changed: ({ input }: ExpectedInput) => suspectInputs(input, channels)[i]!.changed,
    }));
    throw await this.#differs(result, expected, suspects);
  }

  async audio(expected: readonly ExpectedAudio[], tolerance: number): Promise<CheckResult> {
    const seen = (frontEnd: FrontEnd) => (one: ExpectedAudio) => inputOf(one.path, frontEnd);
    const result = await this.#compare('audio', expected, seen(this.#model.frontEnd), tolerance);
    if (result.largestDifference <= tolerance) return result;
    const suspects = suspectFrontEnds(this.#model.frontEnd).map(({ name, changed }) => ({
      name,
      changed: seen(changed),
    }));
    throw await this.#differs(result, expected, suspects);
  }

  async #compare<T extends Expectation>(
    kind: CheckResult['kind'],
    expected: readonly T[],
    inputOf: (one: T) => Float32Array | Promise<Float32Array>,
    tolerance: number,
  ): Promise<CheckResult> {
    let result: CheckResult = { kind, count: expected.length, largestDifference: 0, worst: '', tolerance };
    for (const one of expected) {
      const found = await this.#classifier.classify(await inputOf(one));
      const wanted = this.#model.logits ? softmax(one.probabilities) : one.probabilities;
      wanted.forEach((probability, label) => {
        const largestDifference = Math.abs(found[label]! - probability);
        if (largestDifference <= result.largestDifference) return;
        result = { ...result, largestDifference, worst: `${one.name}, ${this.#model.labels[label]}` };
      });
    }
    return result;
  }

  async #differs<T extends Expectation>(
    { kind, count, largestDifference, worst, tolerance }: CheckResult,
    expected: readonly T[],
    suspects: readonly Suspect<(one: T) => Float32Array | Promise<Float32Array>>[],
  ): Promise<UndertoneError> {
    const few = expected.slice(0, TRIED_ON);
    const tried: { readonly name: string; readonly difference: number }[] = [];
    for (const { name, changed } of suspects) {
      const { largestDifference: difference } = await this.#compare(kind, few, changed, tolerance);
      tried.push({ name, difference });
    }
    const [best] = tried.sort((a, b) => a.difference - b.difference);
    const hint =
      best && best.difference < largestDifference / 2 ? hintOf(best, tolerance) : UNEXPLAINED[kind];
    const detail = `${largestDifference.toFixed(5)} is the largest difference in ${count} ${kind} (${worst}), ${tolerance} is allowed. ${hint}`;
    return new UndertoneError('UT_TRAINING_IMPORT_DIFFERS', detail, { place: `--check, ${kind}` });
  }
}

const UNEXPLAINED = {
  inputs:
    'No scaling and no order of the channels explains it: look whether the outputs come from this very model, and from prediction, not training.',
  audio:
    'No single setting of the front end explains it: compare sampling rate, length of a window, FFT, hop, Mel bands and scaling with the notebook, one after the other; with inputs.npy and outputs.npy the model is checked without the front end.',
} as const;

function hintOf({ name, difference }: { name: string; difference: number }, tolerance: number): string {
  const verdict = difference <= tolerance ? 'agrees' : `comes nearest (${difference.toFixed(5)})`;
  return `The model ${verdict} with ${name}.`;
}

/** The model's input for a recording that is one window long, as the notebook's would be. */
async function inputOf(path: string, frontEnd: FrontEnd): Promise<Float32Array> {
  const { db, frames } = spectrogramOf(clipAtRate(await readMono(path), frontEnd.sampleRateHz), frontEnd);
  const { windowFrames, nMels } = frontEnd;
  if (frames > windowFrames + 1) {
    const detail = `It has ${frames} frames, a window has ${windowFrames}: give recordings of one window's length.`;
    throw new UndertoneError('UT_TRAINING_BAD_CHECK', detail, { place: path });
  }
  const window = new Float32Array(windowFrames * nMels).fill(silenceDb(frontEnd));
  window.set(db.subarray(0, window.length));
  const input = new Float32Array(inputLengthOf(frontEnd));
  toModelInput(frontEnd, window, input);
  return input;
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((value) => value / sum);
}
