import { UndertoneError } from '../errors.js';
import { filtersAt, type Vgg16Architecture } from '../inference/index.js';
import { DEFAULT_TRAINING, type TrainingSettings } from './fit/settings.js';

/** How a model is trained, whoever trains and tests it: the same recipe makes the folds of a protocol and the model shipped. */
export interface TrainingRecipe {
  readonly description: string;
  /** [13] of each convolution. */
  readonly filters: Vgg16Architecture['filters'];
  readonly batchNorm: boolean;
  readonly head: Vgg16Architecture['head'];
  /** Width of Δ and ΔΔ in frames; `null` = the static plane alone. */
  readonly deltaWidth: number | null;
  readonly settings: Omit<TrainingSettings, 'architecture' | 'precision'>;
}

const FULL: TrainingRecipe = {
  description: 'All of VGG16’s filters, on the static plane with its slope and curvature.',
  filters: filtersAt(1),
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0.3 },
  deltaWidth: 9,
  settings: DEFAULT_TRAINING,
};

/** The recipes by name. */
export const RECIPES = {
  quarter: {
    ...FULL,
    description:
      'A quarter of VGG16’s filters, on the static plane alone: a quarter of an hour a fold on a core.',
    filters: filtersAt(0.25),
    deltaWidth: null,
    settings: { ...DEFAULT_TRAINING, epochs: 60 },
  },
  half: { ...FULL, description: 'Half of VGG16’s filters, otherwise as full.', filters: filtersAt(0.5) },
  full: FULL,
} as const satisfies Record<string, TrainingRecipe>;

/** The recipe with `width` times VGG16's filters. @throws UT_TRAINING_BAD_OPTIONS */
export function ofWidth(recipe: TrainingRecipe, width: number): TrainingRecipe {
  if (width > 0 && Number.isFinite(width)) return { ...recipe, filters: filtersAt(width) };
  const detail = `${width} where more than 0 is needed.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--width' });
}

export type RecipeName = keyof typeof RECIPES;
