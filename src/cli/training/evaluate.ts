import type { Command } from 'commander';
import { UndertoneError } from '../../errors.js';
import type { EvaluateOptions, EvaluateSummary } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { corpusArgument, keyOf, wholeNumber } from './options.js';

interface EvaluateFlags {
  readonly protocol?: string;
  readonly card?: string;
  readonly corpora?: readonly string[];
  readonly noise?: string;
  readonly noiseClips: number;
  readonly judgements?: string;
}

/** `undertone evaluate BUNDLE DATA…`: how good a model is on people it has never heard. */
export function registerEvaluate(program: Command, { terminal }: CommandContext): void {
  program
    .command('evaluate')
    .description('judge a bundle on its test speakers; print the figures and write its card')
    .argument('<bundle>', 'folder of the bundle')
    .argument('<data...>', 'folders that `undertone prepare` wrote')
    .option('--protocol <name>', 'who tests (default: the protocol that the bundle was trained by)')
    .option(
      '--card <file>',
      'where the card goes (default: card.md in the bundle; needed with another protocol)',
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
    .option('--judgements <file>', 'write what the model said of each clip, as JSON lines')
    .action(async (bundle: string, data: string[], flags: EvaluateFlags) => {
      const training = await import('../../training/index.js');
      const lines = linesOf(flags, training.CORPORA);
      const protocol = flags.protocol && keyOf(training.PROTOCOLS, flags.protocol, '--protocol');
      const bar = training.showProgress(process.stderr, 'clips');
      const evaluated = training.evaluateModel({
        bundle,
        data,
        ...(protocol ? { protocol } : {}),
        ...(flags.card === undefined ? {} : { card: flags.card }),
        ...(lines === undefined ? {} : { lines }),
        ...(flags.judgements === undefined ? {} : { judgements: flags.judgements }),
        onProgress: bar.show,
        onWarning: (warning) => terminal.err(`note: ${warning}\n`),
      });
      const summary = await evaluated.finally(bar.stop);
      terminal.out(resultText(summary, training.describeResult));
    });
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
  const conditions = evaluation.conditions.map(
    ({ condition, corpora }) => `== ${condition}\n${corpora.map(describe).join('\n')}`,
  );
  return `${conditions.join('\n')}\nCard: ${card}\nPictures: ${pictures.join(', ')}\n`;
}
