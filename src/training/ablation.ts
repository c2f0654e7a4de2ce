import type { TrainingRecipe } from './recipes.js';

type Settings = TrainingRecipe['settings'];

const withSettings = (recipe: TrainingRecipe, changes: Partial<Settings>): TrainingRecipe => ({
  ...recipe,
  settings: { ...recipe.settings, ...changes },
});

/** Parts of a recipe that can be left out, to see what each is worth; the rest stays as it is. */
export const ABLATIONS = {
  deltas: (recipe) => ({ ...recipe, deltaWidth: null }),
  masking: (recipe) =>
    withSettings(recipe, { masking: { timeMasks: 0, maxFrames: 0, bandMasks: 0, maxBands: 0 } }),
  mixup: (recipe) => withSettings(recipe, { mixup: 0 }),
  smoothing: (recipe) => withSettings(recipe, { labelSmoothing: 0 }),
  /** Noise, pitch, tempo, telephone band, µ-law and packet loss of the prepared copies. */
  copies: (recipe) => withSettings(recipe, { copies: false }),
  averaging: (recipe) => withSettings(recipe, { averageDecay: 0 }),
  dropout: (recipe) => ({ ...recipe, head: { ...recipe.head, dropout: 0 } }),
} as const satisfies Record<string, (recipe: TrainingRecipe) => TrainingRecipe>;

export type AblationName = keyof typeof ABLATIONS;

/** A recipe without some of its parts. */
export function without(recipe: TrainingRecipe, parts: readonly AblationName[]): TrainingRecipe {
  return parts.reduce((left, part) => ABLATIONS[part](left), recipe);
}
