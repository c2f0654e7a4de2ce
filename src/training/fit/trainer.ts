import { UndertoneError } from '../../errors.js';
import type { FrontEnd } from '../../features/index.js';
import type { KerasModel, Tf } from '../../inference/index.js';
import { makeBatch, type TrainingClip } from '../data/batches.js';
import { epochOrder } from '../data/sampler.js';
import type { HeardClip } from '../evaluate/points.js';
import { TrainableNetwork } from '../network/trainable-network.js';
import { WeightAverage } from '../network/weight-average.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { Random } from '../random.js';
import type { Checkpoint } from './checkpoint.js';
import { initialValues, type PriorModels } from './prior-models.js';
import type { EpochLog } from './run-log.js';
import { judgeEpoch, rateAt, STOPPING_START, type StoppingState } from './schedule.js';
import type { TrainingSettings } from './settings.js';
import { Stepper } from './step.js';
import { Teachers } from './teachers.js';
import type { Validation, Validator } from './validator.js';

/** Told after each step. */
export type StepListener = (step: number, steps: number, loss: number, accuracy: number) => void;

export interface TrainerParts {
  readonly tf: Tf;
  readonly settings: TrainingSettings;
  readonly frontEnd: FrontEnd;
  /** Facts and arrays of the training clips, in the same order. */
  readonly clips: readonly PreparedClip[];
  readonly arrays: readonly TrainingClip[];
  readonly validator: Validator;
  readonly prior: PriorModels;
  /** Milliseconds; for the log alone. */
  readonly now: () => number;
}

/**
 * Trains epoch by epoch. What an epoch does follows from the settings, the epoch's number and the state before it, so
 * that a run resumed from a checkpoint goes on as if it had never stopped.
 */
export class Trainer {
  readonly network: TrainableNetwork;
  readonly #parts: TrainerParts;
  readonly #stepper: Stepper;
  readonly #average: WeightAverage;
  readonly #teachers: Teachers;
  #epoch = 0;
  #stopping: StoppingState = STOPPING_START;
  #best: readonly Float32Array[];

  constructor(parts: TrainerParts) {
    const { tf, settings, frontEnd, prior } = parts;
    this.#parts = parts;
    this.network = new TrainableNetwork(
      tf,
      settings.architecture,
      new Random(`${settings.seed}/weights`),
      settings.precision,
    );
    if (prior.initial !== null) this.#beginWith(prior.initial);
    this.#teachers = new Teachers(tf, prior.teachers, settings.architecture, settings.teacherShare);
    this.#stepper = new Stepper(tf, this.network, frontEnd, settings.weightDecay);
    const variables = this.network.weights.map(({ variable }) => variable);
    this.#average = new WeightAverage(tf, variables, settings.averageDecay);
    this.#best = this.network.read();
  }

  get epoch(): number {
    return this.#epoch;
  }

  get bestEpoch(): number {
    return this.#stopping.bestEpoch;
  }

  /** The averaged weights of the best epoch. */
  get best(): readonly Float32Array[] {
    return this.#best;
  }

  get finished(): boolean {
    return this.#stopping.stopped || this.#epoch >= this.#parts.settings.epochs;
  }

  /**
   * Trains one epoch and judges it.
   * @param signal ends it between two steps; the trainer is of no use then, its last checkpoint is
   * @throws UT_TRAINING_INTERRUPTED, UT_TRAINING_BAD_OPTIONS where the loss is no longer a number; the run's checkpoint is that of the epoch before
   */
  async runEpoch(onStep: StepListener, signal?: AbortSignal): Promise<EpochLog> {
    const { now, validator, settings } = this.#parts;
    const started = now();
    this.#epoch++;
    const trained = await this.#trainEpoch(onStep, signal);
    const averages = this.#average.read();
    const validation = validator.clips === 0 ? null : this.#judge(averages);
    if (validation !== null) requireFinite(validation.loss, this.#epoch);
    // Without validation clips every epoch counts as the best: the last one is kept.
    const score = validation === null ? this.#epoch : -validation.loss;
    this.#stopping = judgeEpoch(this.#stopping, this.#epoch, score, settings.stopPatience);
    const best = this.#stopping.bestEpoch === this.#epoch;
    if (best) this.#best = averages;
    const { numTensors } = this.#parts.tf.memory();
    const seconds = (now() - started) / 1000;
    const memory = { tensors: numTensors, rssBytes: process.memoryUsage.rss() };
    return { epoch: this.#epoch, ...trained, validation, best, seconds, ...memory };
  }

  async checkpoint(): Promise<Checkpoint> {
    return {
      epoch: this.#epoch,
      weights: this.network.read(),
      averages: this.#average.read(),
      averagedSteps: this.#average.steps,
      optimizer: await this.#stepper.state(),
      stopping: this.#stopping,
      best: this.#best,
    };
  }

  async resume(checkpoint: Checkpoint): Promise<void> {
    this.network.write(checkpoint.weights);
    this.#average.restore(checkpoint.averages, checkpoint.averagedSteps);
    await this.#stepper.restore(checkpoint.optimizer);
    this.#epoch = checkpoint.epoch;
    this.#stopping = checkpoint.stopping;
    this.#best = checkpoint.best;
  }

  /** The validation clips as the network calls their windows with the weights it holds now. */
  validationClips(): HeardClip[] {
    return this.#parts.validator.hear(this.network);
  }

  dispose(): void {
    this.#average.dispose();
    this.#teachers.dispose();
    this.#stepper.dispose();
    this.network.dispose();
  }

  async #trainEpoch(
    onStep: StepListener,
    signal?: AbortSignal,
  ): Promise<Pick<EpochLog, 'steps' | 'loss' | 'accuracy' | 'learningRate'>> {
    const { clips, arrays, settings, frontEnd } = this.#parts;
    const order = epochOrder(clips, settings.quota, settings.seed, this.#epoch);
    const random = new Random(`${settings.seed}/epoch/${this.#epoch}`);
    const steps = Math.floor(order.length / settings.batchSize) || 1;
    let [loss, right, seen, rate] = [0, 0, 0, 0];
    for (let step = 0; step < steps; step++) {
      const chosen = order
        .slice(step * settings.batchSize, (step + 1) * settings.batchSize)
        .map((i) => arrays[i]!);
      const batch = makeBatch(chosen, settings.architecture.classes, frontEnd, settings, random);
      rate = rateAt(settings.rate, this.#epoch - 1 + step / steps, settings.epochs);
      const result = this.#stepper.run(this.#teachers.soften(batch), rate, random);
      requireFinite(result.loss, this.#epoch);
      this.#average.update();
      loss += result.loss;
      right += result.right;
      seen += batch.size;
      onStep(step + 1, steps, loss / (step + 1), right / seen);
      await breath();
      if (signal?.aborted) throw interrupted(this.#epoch - 1);
    }
    return { steps, loss: loss / steps, accuracy: right / seen, learningRate: rate };
  }

  #beginWith(model: KerasModel): void {
    const values = this.network.read();
    const own = this.network.weights.map(({ shape }, i) => ({ shape, data: values[i]! }));
    this.network.write(initialValues(model, own, '--from'));
  }

  #judge(averages: readonly Float32Array[]): Validation {
    const weights = this.network.read();
    this.network.write(averages);
    const validation = this.#parts.validator.judge(this.network);
    this.network.write(weights);
    return validation;
  }
}

/** A step keeps the thread to itself: signals and timers are heard between two of them. */
const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

function interrupted(saved: number): UndertoneError {
  const state = saved === 0 ? 'before its first epoch was over' : `after epoch ${saved}, which is saved`;
  return new UndertoneError('UT_TRAINING_INTERRUPTED', `it ended ${state}.`);
}

function requireFinite(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  const detail = `the loss became ${loss} in epoch ${epoch}: the steps are too large. Train with a smaller one in a new run folder.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--learning-rate' });
}
