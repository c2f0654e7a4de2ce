import { UndertoneError } from '../../errors.js';
import type { EngineName } from '../../inference/index.js';
import type { EvaluateOptions, EvaluateSummary } from '../../training/index.js';
import { corpusArgument } from './options.js';
import type { RecipeFlags } from './recipe-options.js';

/** What `undertone evaluate` is asked for. */
export interface EvaluateFlags extends RecipeFlags {
  readonly protocol?: string;
  readonly card?: string;
  readonly corpora?: readonly string[];
  readonly noise?: string;
  readonly noiseClips: number;
  readonly judgements?: string;
  readonly engine?: EngineName;
  readonly runs?: string;
  readonly fold?: readonly string[];
  readonly parallel?: number;
  readonly figures?: string;
  readonly maxMinutes?: number;
}

/** The telephone lines and noises to judge on. @throws UT_TRAINING_BAD_OPTIONS where a half of them is given */
export function linesOf(
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

/** What was found, as it is printed. */
export function conditionText(
  conditions: EvaluateSummary['evaluation']['conditions'],
  describe: typeof import('../../training/index.js').describeResult,
): string {
  return conditions
    .map(({ condition, corpora }) => `== ${condition}\n${corpora.map(describe).join('\n')}`)
    .join('\n');
}
