import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import type { CrossValidateOptions, CrossValidateSummary } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { conditionText, type EvaluateFlags, linesOf } from './evaluate-flags.js';
import { trainFoldsInProcesses } from './fold-processes.js';
import { untilInterrupted } from './interruption.js';
import { keyOf } from './options.js';
import { recipeOf } from './recipe-options.js';

type Training = typeof import('../../training/index.js');
type Terminal = CommandContext['terminal'];

/**
 * `undertone evaluate folds DATA…`. Where there are several folds and several cores, each fold is trained and judged by a
 * process of its own; this one then finds them done and pools them.
 */
export async function evaluateFolds(
  data: readonly string[],
  flags: EvaluateFlags,
  terminal: Terminal,
): Promise<void> {
  const training = await import('../../training/index.js');
  const options = crossValidateOptions(data, flags, training);
  const folds = await training.foldsToTrain(options);
  const parallel = Math.min(flags.parallel ?? availableParallelism(), folds.length);
  const summary = await untilInterrupted(async (signal) => {
    if (parallel < 2) return trainHere({ ...options, signal }, flags, training, terminal);
    const { runs, card } = options;
    const foldsDone = await trainFoldsInProcesses({
      folds,
      parallel,
      runs,
      maxMinutes: flags.maxMinutes,
      signal,
    });
    if (foldsDone < folds.length) return { result: null, card, foldsDone, folds: folds.length };
    return training.crossValidate({ ...options, signal });
  });
  terminal.out(foldsText(summary, training.describeResult));
}

async function trainHere(
  options: CrossValidateOptions,
  { maxMinutes }: EvaluateFlags,
  training: Training,
  terminal: Terminal,
): Promise<CrossValidateSummary> {
  const listener = training.showTraining(process.stderr, options.recipe.settings.epochs);
  const validated = training.crossValidate({
    ...options,
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    listener,
    onWarning: (warning) => terminal.err(`note: ${warning}\n`),
    onFold: (name, state) => terminal.err(`${options.protocol}, ${name}: ${state}\n`),
  });
  return validated.finally(listener.stop);
}

function crossValidateOptions(
  data: readonly string[],
  flags: EvaluateFlags,
  training: Training,
): CrossValidateOptions {
  const { PROTOCOLS, protocolOf, CORPORA } = training;
  if (flags.protocol === undefined) {
    const detail = `Folds belong to a protocol; there are ${Object.keys(PROTOCOLS).join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--protocol' });
  }
  const protocol = keyOf(PROTOCOLS, flags.protocol, '--protocol');
  const { card, fold } = flags;
  if (card === undefined) {
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'The figures of folds need a file of their own.', {
      place: '--card',
    });
  }
  if (flags.engine === 'tfjs') {
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'Folds are judged by onnx.', { place: '--engine' });
  }
  return {
    data,
    protocol,
    ...(fold === undefined ? {} : { only: fold }),
    recipe: recipeOf(flags, training),
    recipeName: flags.recipe,
    runs: flags.runs ?? join('runs', `${protocolOf(protocol).modelsOf ?? protocol}-${flags.recipe}`),
    card,
    lines: linesOf(flags, CORPORA) ?? null,
  };
}

function foldsText(
  { result, card, foldsDone, folds }: CrossValidateSummary,
  describe: Training['describeResult'],
): string {
  if (result === null)
    return `${foldsDone} of ${folds} folds are done (time was over; the same command goes on)\n`;
  return `${conditionText(result.conditions, describe)}\nCard: ${card}\n`;
}
