import { join } from 'node:path';
import type { Command } from 'commander';
import { UndertoneError } from '../../errors.js';
import type { OptimizeOptions, PruneTarget } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { keyOf, number, wholeNumber } from './options.js';

interface OptimizeFlags {
  readonly name: string;
  readonly out?: string;
  readonly int8: boolean;
  readonly prune?: number;
  readonly targetBytes?: number;
  readonly withoutFloat32?: string;
  readonly run?: string;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly protocol?: string;
  readonly fold?: string;
  readonly seed?: string;
}

/** `undertone optimize BUNDLE DATA…`: a smaller and faster bundle, and what that cost. */
export function registerOptimize(program: Command, { terminal }: CommandContext): void {
  program
    .command('optimize')
    .description('make a bundle small: integers instead of floats, fewer filters; print what it cost')
    .argument('<bundle>', 'folder of the bundle')
    .argument('<data...>', 'folders that `undertone prepare` wrote')
    .requiredOption('--name <name>', 'name of the new model, as it stands on every result')
    .option('--out <dir>', 'folder of the new bundle (default: models/NAME)')
    .option('--int8', 'compute in 8-bit integers', false)
    .option('--prune <share>', 'take this share of the filters away and train the rest again', number)
    .option('--target-bytes <n>', 'as many filters as make the file fit', wholeNumber)
    .option(
      '--without-float32 <command>',
      'leave model.keras out; the command that makes it again stands in the bundle',
    )
    .option('--run <dir>', 'folder of checkpoints and log of the training (default: runs/NAME)')
    .option('--epochs <n>', 'epochs of training after pruning (default: 20)', wholeNumber)
    .option('--learning-rate <x>', 'highest rate of Adam after pruning (default: 0.0005)', number)
    .option('--protocol <name>', 'who trained and who tests (default: what the bundle was trained by)')
    .option('--fold <name>', 'which model of a protocol that has several')
    .option('--seed <text>', 'seed of all that is random', '1')
    .action(async (bundle: string, data: string[], flags: OptimizeFlags) => {
      const training = await import('../../training/index.js');
      const out = flags.out ?? join('models', flags.name);
      const listener = training.showTraining(process.stderr, flags.epochs ?? training.PRUNED_EPOCHS);
      const optimized = training.optimizeBundle({
        bundle,
        data,
        out,
        name: flags.name,
        ...pruneOf(flags),
        ...int8Of(flags),
        ...(flags.protocol && { protocol: keyOf(training.PROTOCOLS, flags.protocol, '--protocol') }),
        ...(flags.fold && { fold: flags.fold }),
        ...(flags.seed && { seed: flags.seed }),
        listener,
        onWarning: (warning) => terminal.err(`note: ${warning}\n`),
      });
      const { modelId, optimization } = await optimized.finally(listener.stop);
      terminal.out(`${training.renderOptimization(optimization)}\n${modelId} → ${out}\n`);
    });
}

function pruneOf(flags: OptimizeFlags): Pick<OptimizeOptions, 'prune'> {
  const target = targetOf(flags);
  if (target === undefined) return {};
  const { epochs, learningRate } = flags;
  return {
    prune: {
      target,
      run: flags.run ?? join('runs', flags.name),
      ...(epochs === undefined ? {} : { epochs }),
      ...(learningRate === undefined ? {} : { learningRate }),
    },
  };
}

function targetOf({ prune, targetBytes }: OptimizeFlags): PruneTarget | undefined {
  if (prune === undefined) return targetBytes === undefined ? undefined : { bytes: targetBytes };
  if (targetBytes === undefined) return { share: prune };
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'each says how much is to go; one is enough.', {
    place: '--prune, --target-bytes',
  });
}

function int8Of({ int8, withoutFloat32 }: OptimizeFlags): Pick<OptimizeOptions, 'int8'> {
  if (int8) return { int8: withoutFloat32 === undefined ? {} : { withoutFloat32 } };
  if (withoutFloat32 === undefined) return {};
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'without --int8 nothing would be left to run.', {
    place: '--without-float32',
  });
}
