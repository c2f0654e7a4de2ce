import type { Command } from 'commander';
import type { TrainingRecipe } from '../../training/index.js';
import { keyOf, number, numbers, wholeNumber } from './options.js';

/** What replaces single values of a recipe. */
export interface RecipeFlags {
  readonly recipe: string;
  readonly width?: number;
  /** False with `--no-batch-norm`. */
  readonly batchNorm: boolean;
  readonly pooling?: string;
  readonly dense?: readonly number[];
  readonly dropout?: number;
  /** A number of frames, or false with `--no-deltas`. */
  readonly deltas?: number | false;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly seed?: string;
  readonly without?: readonly string[];
}

/** What training knows of recipes. */
type RecipeTable = Pick<
  typeof import('../../training/index.js'),
  'RECIPES' | 'ofWidth' | 'ABLATIONS' | 'without'
>;

const POOLINGS = { average: true, flatten: true } as const;

export function addRecipeOptions(command: Command): Command {
  return command
    .option('--recipe <name>', 'network and settings: quarter, half, full', 'quarter')
    .option('--width <x>', 'filters relative to VGG16: 1 = 64…512', number)
    .option('--no-batch-norm', 'convolutions without batch normalisation')
    .option('--pooling <kind>', 'how the last map becomes a vector: average, flatten')
    .option('--dense <units>', 'hidden layers of the head: 256,128', numbers)
    .option('--dropout <rate>', 'dropout before each dense layer', number)
    .option('--deltas <frames>', 'frames over which Δ and ΔΔ are estimated', wholeNumber)
    .option('--no-deltas', 'the static plane alone')
    .option('--epochs <n>', 'epochs of the run', wholeNumber)
    .option('--batch-size <n>', 'windows in a step', wholeNumber)
    .option('--learning-rate <x>', 'highest rate of Adam', number)
    .option('--seed <text>', 'seed of all that is random')
    .option(
      '--without <part...>',
      'leave parts out, to see what they are worth: deltas, masking, mixup, smoothing, copies, averaging, dropout',
    );
}

/** The recipe that was named, with what the other flags replace. @throws UT_TRAINING_BAD_OPTIONS */
export function recipeOf(flags: RecipeFlags, table: RecipeTable): TrainingRecipe {
  const { RECIPES, ofWidth, ABLATIONS, without } = table;
  const named = RECIPES[keyOf(RECIPES, flags.recipe, '--recipe')];
  const recipe = flags.width === undefined ? named : ofWidth(named, flags.width);
  const { deltas } = flags;
  const parts = (flags.without ?? []).map((part) => keyOf(ABLATIONS, part, '--without'));
  const changed = {
    ...recipe,
    batchNorm: flags.batchNorm && recipe.batchNorm,
    head: headOf(flags, recipe),
    deltaWidth: deltas === false ? null : (deltas ?? recipe.deltaWidth),
    settings: settingsOf(flags, recipe),
  };
  return without(changed, parts);
}

function headOf({ pooling, dense, dropout }: RecipeFlags, { head }: TrainingRecipe): TrainingRecipe['head'] {
  return {
    pooling: pooling === undefined ? head.pooling : keyOf(POOLINGS, pooling, '--pooling'),
    dense: dense ?? head.dense,
    dropout: dropout ?? head.dropout,
  };
}

function settingsOf(flags: RecipeFlags, { settings }: TrainingRecipe): TrainingRecipe['settings'] {
  return {
    ...settings,
    seed: flags.seed ?? settings.seed,
    epochs: flags.epochs ?? settings.epochs,
    batchSize: flags.batchSize ?? settings.batchSize,
    rate: { ...settings.rate, peak: flags.learningRate ?? settings.rate.peak },
  };
}
