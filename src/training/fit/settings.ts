import type { Vgg16Architecture } from '../../inference/index.js';
import type { BatchOptions } from '../data/batches.js';
import type { EpochQuota } from '../data/sampler.js';
import type { Precision } from '../network/kernels.js';
import type { RateOptions } from './schedule.js';

/** Everything beside the data that decides the weights. Stored with the run and in the bundle. */
export interface TrainingSettings extends BatchOptions {
  readonly architecture: Vgg16Architecture;
  readonly seed: string;
  /** Epochs of the run; the learning rate falls towards the last of them. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Windows of each corpus an epoch takes. */
  readonly quota: EpochQuota;
  readonly rate: RateOptions;
  /** Epochs without a lower loss on the validation clips, after which training ends. */
  readonly stopPatience: number;
  readonly weightDecay: number;
  /** Whether the changed copies of clips train beside the recordings themselves. */
  readonly copies: boolean;
  /** Share of the running average of the weights that a step keeps. */
  readonly averageDecay: number;
  readonly precision: Precision;
  /** Share of the target that is the opinion of teachers, where there are any. */
  readonly teacherShare: number;
}

/** Found to work for a few thousand clips and a width of 0.25; a run's own options replace them one by one. */
export const DEFAULT_TRAINING = {
  seed: '1',
  epochs: 40,
  batchSize: 32,
  quota: {},
  rate: { peak: 2e-3, warmupEpochs: 2, finalShare: 0.01 },
  stopPatience: 30,
  weightDecay: 0.05,
  copies: true,
  averageDecay: 0.995,
  teacherShare: 0.7,
  labelSmoothing: 0.1,
  mixup: 0.2,
  masking: { timeMasks: 2, maxFrames: 16, bandMasks: 2, maxBands: 8 },
} as const satisfies Omit<TrainingSettings, 'architecture' | 'precision'>;
