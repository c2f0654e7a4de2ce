import type { Vgg16Architecture } from '../../inference/index.js';
import type { BatchOptions } from '../data/batches.js';
import type { EpochQuota } from '../data/sampler.js';
import type { PlateauOptions } from './schedule.js';

/** Everything beside the data that decides the weights. Stored with the run and in the bundle. */
export interface TrainingSettings extends BatchOptions {
  readonly architecture: Vgg16Architecture;
  readonly seed: string;
  /** Epochs at most. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Windows of each corpus an epoch takes. */
  readonly quota: EpochQuota;
  readonly plateau: PlateauOptions;
  /** Epochs without a lower loss on the validation clips, after which training ends. */
  readonly stopPatience: number;
  readonly weightDecay: number;
  /** Share of the running average of the weights that a step keeps. */
  readonly averageDecay: number;
}

/** Found to work for a few thousand clips and a width of 0.25; a run's own options replace them one by one. */
export const DEFAULT_TRAINING = {
  seed: '1',
  epochs: 100,
  batchSize: 32,
  quota: {},
  plateau: { initialRate: 1e-3, factor: 0.5, patience: 6, minimumRate: 1e-5 },
  stopPatience: 30,
  weightDecay: 0.05,
  averageDecay: 0.995,
  labelSmoothing: 0.1,
  mixup: 0.2,
  masking: { timeMasks: 2, maxFrames: 16, bandMasks: 2, maxBands: 8 },
} as const satisfies Omit<TrainingSettings, 'architecture'>;
