import type { Command } from 'commander';
import { UndertoneError } from '../../errors.js';
import type { EvaluateOptions, EvaluateSummary } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { corpusArgument, keyOf } from './options.js';

interface EvaluateFlags {
  readonly protocol?: string;
  readonly card?: string;
  readonly corpora?: readonly string[];
  readonly noise?: string;
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
    .action(async (bundle: string, data: string[], flags: EvaluateFlags) => {
      const training = await import('../../training/index.js');
      const lines = linesOf(flags, training.CORPORA);
      const protocol = flags.protocol && keyOf(training.PROTOCOLS, flags.protocol, '--protocol');
      const bars = conditionBars(training.showProgress);
      const evaluated = training.evaluateModel({
        bundle,
        data,
        ...(protocol ? { protocol } : {}),
        ...(flags.card === undefined ? {} : { card: flags.card }),
        ...(lines === undefined ? {} : { lines }),
        onProgress: bars.show,
        onWarning: (warning) => terminal.err(`note: ${warning}\n`),
      });
      const summary = await evaluated.finally(bars.stop);
      terminal.out(resultText(summary, training.describeResult));
    });
}

function linesOf(
  { corpora, noise }: EvaluateFlags,
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
  };
}

/** A bar for each condition, one after the other. */
function conditionBars(open: typeof import('../../training/index.js').showProgress): {
  readonly show: NonNullable<EvaluateOptions['onProgress']>;
  readonly stop: () => void;
} {
  const bars = new Map<string, ReturnType<typeof open>>();
  return {
    show(condition, done, total) {
      const bar = bars.get(condition) ?? open(process.stderr, condition);
      bars.set(condition, bar);
      bar.show(done, total);
    },
    stop() {
      for (const bar of bars.values()) bar.stop();
    },
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
