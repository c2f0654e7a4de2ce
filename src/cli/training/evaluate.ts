import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { UndertoneError } from '../../errors.js';
import type { EngineName } from '../../inference/index.js';
import type { CrossValidateSummary, EvaluateOptions, EvaluateSummary } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { untilInterrupted } from './interruption.js';
import { corpusArgument, keyOf, number, wholeNumber } from './options.js';
import { addRecipeOptions, type RecipeFlags, recipeOf } from './recipe-options.js';

interface EvaluateFlags extends RecipeFlags {
  readonly protocol?: string;
  readonly card?: string;
  readonly corpora?: readonly string[];
  readonly noise?: string;
  readonly noiseClips: number;
  readonly judgements?: string;
  readonly engine?: EngineName;
  readonly runs?: string;
  readonly fold?: readonly string[];
  readonly figures?: string;
  readonly maxMinutes?: number;
}

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

/** Stands in the place of a bundle where every fold is to have a model of its own. */
const FOLDS = 'folds';

async function evaluateFolds(
  data: readonly string[],
  flags: EvaluateFlags,
  terminal: CommandContext['terminal'],
): Promise<void> {
  const training = await import('../../training/index.js');
  if (flags.protocol === undefined) {
    const detail = `Folds belong to a protocol; there are ${Object.keys(training.PROTOCOLS).join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--protocol' });
  }
  const protocol = keyOf(training.PROTOCOLS, flags.protocol, '--protocol');
  const { card } = flags;
  if (card === undefined) {
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'The figures of folds need a file of their own.', {
      place: '--card',
    });
  }
  if (flags.engine === 'tfjs') {
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'Folds are judged by onnx.', { place: '--engine' });
  }
  const recipe = recipeOf(flags, training);
  const listener = training.showTraining(process.stderr, recipe.settings.epochs);
  const validated = untilInterrupted((signal) =>
    training.crossValidate({
      signal,
      data,
      protocol,
      ...(flags.fold === undefined ? {} : { only: flags.fold }),
      recipe,
      recipeName: flags.recipe,
      runs:
        flags.runs ?? join('runs', `${training.protocolOf(protocol).modelsOf ?? protocol}-${flags.recipe}`),
      card,
      lines: linesOf(flags, training.CORPORA) ?? null,
      ...(flags.maxMinutes === undefined ? {} : { maxMinutes: flags.maxMinutes }),
      listener,
      onWarning: (warning) => terminal.err(`note: ${warning}\n`),
      onFold: (name, state) => terminal.err(`${protocol}, ${name}: ${state}\n`),
    }),
  );
  const summary = await validated.finally(listener.stop);
  terminal.out(foldsText(summary, training.describeResult));
}

function foldsText(
  { result, card, foldsDone, folds }: CrossValidateSummary,
  describe: typeof import('../../training/index.js').describeResult,
): string {
  if (result === null)
    return `${foldsDone} of ${folds} folds are done (time was over; the same command goes on)\n`;
  return `${conditionText(result.conditions, describe)}\nCard: ${card}\n`;
}

function linesOf(
  { corpora, noise, noiseClips }: EvaluateFlags,
  known: typeof import('../../training/index.js').CORPORA,
): EvaluateOptions['lines'] {
  if (corpora === undefined && noise === undefined) return undefined;
  if (corpora === undefined || noise === undefined) {
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'Each needs the other.', {
      place: '--corpora, --noise',
    });
  }
  const folders = corpora.map((text) => corpusArgument(text, known));
  return {
    corpora: Object.fromEntries(folders.map(({ corpus, path }) => [corpus, path])),
    noiseFolder: noise,
    noiseClips,
  };
}

function resultText(
  { evaluation, card, pictures }: EvaluateSummary,
  describe: typeof import('../../training/index.js').describeResult,
): string {
  const conditions = conditionText(evaluation.conditions, describe);
  return `${conditions}\nCard: ${card}\nPictures: ${pictures.join(', ')}\n`;
}

function conditionText(
  conditions: EvaluateSummary['evaluation']['conditions'],
  describe: typeof import('../../training/index.js').describeResult,
): string {
  return conditions
    .map(({ condition, corpora }) => `== ${condition}\n${corpora.map(describe).join('\n')}`)
    .join('\n');
}
