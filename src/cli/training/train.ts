import { join } from 'node:path';
import type { Command } from 'commander';
import type { PriorModels } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { untilInterrupted } from './interruption.js';
import { keyOf, number } from './options.js';
import { addRecipeOptions, type RecipeFlags, recipeOf } from './recipe-options.js';

interface TrainFlags extends RecipeFlags {
  readonly out?: string;
  readonly name: string;
  readonly run?: string;
  readonly protocol: string;
  readonly fold?: string;
  readonly maxMinutes?: number;
  readonly calibration?: string;
  readonly from?: string;
  readonly teacher?: readonly string[];
}

/** `undertone train DATA…`: prepared data → bundle. */
export function registerTrain(program: Command, { terminal }: CommandContext): void {
  const command = program
    .command('train')
    .description('train a VGG16 on prepared corpora and write its bundle; an unfinished run goes on')
    .argument('<data...>', 'folders that `undertone prepare` wrote')
    .option('--name <name>', 'name of the model, as it stands on every result', 'model')
    .option('--out <dir>', 'folder of the bundle (default: models/NAME)')
    .option('--run <dir>', 'folder of checkpoints and log (default: runs/NAME)')
    .option('--protocol <name>', 'who trains, who chooses, who tests', 'release')
    .option('--fold <name>', 'which model of a protocol that has several')
    .option('--from <bundle>', 'begin with the weights of another model of the same filters')
    .option('--teacher <bundle...>', 'models whose mean opinion of each window is learnt too')
    .option(
      '--calibration <file>',
      'figures of folds to calibrate by, where the protocol leaves nobody for it',
    )
    .option('--max-minutes <n>', 'begin no epoch after so long; the run can go on later', number);
  addRecipeOptions(command).action(async (data: string[], flags: TrainFlags) => {
    const training = await import('../../training/index.js');
    const recipe = recipeOf(flags, training);
    const bundle = flags.out ?? join('models', flags.name);
    const protocol = keyOf(training.PROTOCOLS, flags.protocol, '--protocol');
    const calibration =
      flags.calibration && (await training.readFoldCalibration(flags.calibration, protocol));
    const listener = training.showTraining(process.stderr, recipe.settings.epochs);
    const summary = untilInterrupted(async (signal) =>
      training.trainBundle({
        signal,
        data,
        bundle,
        name: flags.name,
        run: flags.run ?? join('runs', flags.name),
        protocol,
        ...(calibration ? { calibration } : {}),
        ...(flags.fold === undefined ? {} : { fold: flags.fold }),
        recipe,
        prior: await priorOf(flags),
        ...(flags.maxMinutes === undefined ? {} : { maxMinutes: flags.maxMinutes }),
        listener,
        onWarning: (warning) => terminal.err(`note: ${warning}\n`),
      }),
    );
    const { modelId, epochs: trained, bestEpoch, finished } = await summary.finally(listener.stop);
    const state = finished ? '' : ' (time was over; the same command goes on)';
    terminal.out(`${modelId}: epoch ${bestEpoch} of ${trained}${state} → ${bundle}\n`);
  });
}

async function priorOf({ from, teacher = [] }: TrainFlags): Promise<PriorModels> {
  const { loadFloat32 } = await import('../../inference/index.js');
  return {
    initial: from === undefined ? null : (await loadFloat32(from)).model,
    teachers: await Promise.all(teacher.map(async (bundle) => (await loadFloat32(bundle)).model)),
  };
}
