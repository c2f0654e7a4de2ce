import { join } from 'node:path';
import type { Command } from 'commander';
import type { TrainOptions } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { keyOf, number, numbers, wholeNumber } from './options.js';

interface TrainFlags {
  readonly out?: string;
  readonly name: string;
  readonly run?: string;
  readonly protocol: string;
  readonly width: number;
  readonly batchNorm: boolean;
  readonly pooling: string;
  readonly dense: readonly number[];
  readonly dropout: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly seed: string;
  readonly maxMinutes?: number;
}

const POOLINGS = { average: true, flatten: true };

/** `undertone train DATA…`: prepared data → bundle. */
export function registerTrain(program: Command, { terminal }: CommandContext): void {
  program
    .command('train')
    .description('train a VGG16 on prepared corpora and write its bundle; an unfinished run goes on')
    .argument('<data...>', 'folders that `undertone prepare` wrote')
    .option('--name <name>', 'name of the model, as it stands on every result', 'model')
    .option('--out <dir>', 'folder of the bundle (default: models/NAME)')
    .option('--run <dir>', 'folder of checkpoints and log (default: runs/NAME)')
    .option('--protocol <name>', 'who trains and who tests', 'release')
    .option('--width <x>', 'filters relative to VGG16: 1 = 64…512', number, 0.25)
    .option('--no-batch-norm', 'convolutions without batch normalisation')
    .option('--pooling <kind>', 'how the last map becomes a vector: average, flatten', 'average')
    .option('--dense <units>', 'hidden layers of the head: 256,128 (default: none)', numbers, [])
    .option('--dropout <rate>', 'dropout before each dense layer', number, 0.3)
    .option('--epochs <n>', 'epochs at most', wholeNumber)
    .option('--batch-size <n>', 'windows in a step', wholeNumber)
    .option('--learning-rate <x>', 'rate of Adam at the start', number)
    .option('--seed <text>', 'seed of all that is random', '1')
    .option('--max-minutes <n>', 'begin no epoch after so long; the run can go on later', number)
    .action(async (data: string[], flags: TrainFlags) => {
      const training = await import('../../training/index.js');
      const epochs = flags.epochs ?? training.DEFAULT_TRAINING.epochs;
      const bundle = flags.out ?? join('models', flags.name);
      const listener = training.showTraining(process.stderr, epochs);
      const summary = training.trainBundle({
        data,
        bundle,
        name: flags.name,
        run: flags.run ?? join('runs', flags.name),
        protocol: keyOf(training.PROTOCOLS, flags.protocol, '--protocol'),
        ...architectureOf(flags),
        settings: settingsOf(flags, training.DEFAULT_TRAINING),
        ...(flags.maxMinutes === undefined ? {} : { maxMinutes: flags.maxMinutes }),
        listener,
        onWarning: (warning) => terminal.err(`note: ${warning}\n`),
      });
      const { modelId, epochs: trained, bestEpoch, finished } = await summary.finally(listener.stop);
      const state = finished ? '' : ' (time was over; the same command goes on)';
      terminal.out(`${modelId}: epoch ${bestEpoch} of ${trained}${state} → ${bundle}\n`);
    });
}

function architectureOf(flags: TrainFlags): Pick<TrainOptions, 'width' | 'batchNorm' | 'head'> {
  const { width, batchNorm, dense, dropout } = flags;
  return { width, batchNorm, head: { pooling: keyOf(POOLINGS, flags.pooling, '--pooling'), dense, dropout } };
}

function settingsOf(
  { seed, epochs, batchSize, learningRate }: TrainFlags,
  defaults: typeof import('../../training/index.js').DEFAULT_TRAINING,
): NonNullable<TrainOptions['settings']> {
  return {
    seed,
    ...(epochs === undefined ? {} : { epochs }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(learningRate === undefined ? {} : { plateau: { ...defaults.plateau, initialRate: learningRate } }),
  };
}
