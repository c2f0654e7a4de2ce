import { type Command, Option } from 'commander';
import type { EngineName } from '../../inference/index.js';
import type { EvaluateSummary } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { conditionText, type EvaluateFlags, linesOf } from './evaluate-flags.js';
import { evaluateFolds } from './evaluate-folds.js';
import { keyOf, number, wholeNumber } from './options.js';
import { addRecipeOptions } from './recipe-options.js';

/** Stands in the place of a bundle where every fold is to have a model of its own. */
const FOLDS = 'folds';

/** `undertone evaluate BUNDLE DATA…`: how good a model is on people it has never heard. */
export function registerEvaluate(program: Command, { terminal }: CommandContext): void {
  const command = program
    .command('evaluate')
    .description(
      'judge a bundle on its test speakers, or (first argument: folds) train and judge every fold of a protocol',
    )
    .argument('<bundle>', 'folder of the bundle; the word folds trains a model for each fold of --protocol')
    .argument('[data...]', 'folders that `undertone prepare` wrote')
    .option('--protocol <name>', 'who tests (default: the protocol that the bundle was trained by)')
    .option(
      '--card <file>',
      'where the card goes (default: card.md in the bundle; needed with another protocol and with folds)',
    )
    .option(
      '--corpora <corpus...>',
      'the recordings, as they were given to prepare, to judge telephone lines and noise too',
    )
    .option('--noise <dir>', 'background noises for that')
    .option(
      '--noise-clips <n>',
      'clips of each corpus that are heard in every noise at every level, as many of each class',
      wholeNumber,
      200,
    )
    .option(
      '--figures <file>',
      'instead of judging: give the bundle, which trained on everybody, the card of these folds of the same recipe',
    )
    .option('--judgements <file>', 'write what the model said of each clip, as JSON lines')
    .addOption(
      new Option(
        '--engine <name>',
        'what computes the network (default: onnx, which alone judges folds)',
      ).choices(['onnx', 'tfjs'] satisfies EngineName[]),
    )
    .option('--fold <name...>', 'with folds: these alone')
    .option(
      '--parallel <n>',
      'with folds: so many are trained at once, each on one thread (default: as many as there are cores)',
      wholeNumber,
    )
    .option('--runs <dir>', 'with folds: a folder for each (default: runs/PROTOCOL-RECIPE)')
    .option(
      '--max-minutes <n>',
      'with folds: begin nothing more after so long; the same command goes on',
      number,
    );
  addRecipeOptions(command).action(async (bundle: string, data: string[], flags: EvaluateFlags) => {
    if (bundle === FOLDS) return evaluateFolds(data, flags, terminal);
    const training = await import('../../training/index.js');
    if (flags.figures !== undefined) {
      const taken = await training.takeFigures(bundle, flags.figures);
      return terminal.out(resultText(taken, training.describeResult));
    }
    const lines = linesOf(flags, training.CORPORA);
    const protocol = flags.protocol && keyOf(training.PROTOCOLS, flags.protocol, '--protocol');
    const bar = training.showProgress(process.stderr, 'clips');
    const evaluated = training.evaluateModel({
      bundle,
      data,
      ...(protocol ? { protocol } : {}),
      ...(flags.card === undefined ? {} : { card: flags.card }),
      ...(lines === undefined ? {} : { lines }),
      ...(flags.engine === undefined ? {} : { engine: flags.engine }),
      ...(flags.judgements === undefined ? {} : { judgements: flags.judgements }),
      onProgress: bar.show,
      onWarning: (warning) => terminal.err(`note: ${warning}\n`),
    });
    const summary = await evaluated.finally(bar.stop);
    terminal.out(resultText(summary, training.describeResult));
  });
}

function resultText(
  { evaluation, card, pictures }: EvaluateSummary,
  describe: typeof import('../../training/index.js').describeResult,
): string {
  const conditions = conditionText(evaluation.conditions, describe);
  return `${conditions}\nCard: ${card}\nPictures: ${pictures.join(', ')}\n`;
}
