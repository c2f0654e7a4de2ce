import { groupBy } from '../group.js';
import { AS_PREPARED, LINE_CONDITIONS } from './conditions.js';
import type { ClipJudgement } from './judgements.js';
import { metricsOf } from './metrics.js';
import { type NoiseResult, noiseResults } from './noise-grid.js';
import { type CorpusResult, clipItems, corpusResult } from './result.js';

export const EVALUATION_FORMAT = 3;

/** What is known of an evaluation beside its judgements. */
export interface EvaluationFacts {
  readonly modelId: string;
  /** Of the model, in the order of its outputs. */
  readonly labels: readonly string[];
  readonly protocol: string;
  /** Of the protocol: who trained, who was tested. */
  readonly description: string;
  /** The protocol that the bundle was trained by; `null` where it states none. */
  readonly trainedBy: string | null;
  /** True where test speakers were heard in training; `null` where nobody can know. */
  readonly leaks: boolean | null;
  /** Names of the noise recordings that were judged, and of those that training held; `null` where nobody knows. */
  readonly noises: readonly string[];
  readonly noisesHeard: readonly string[] | null;
  /** Groups of recordings that the data hold several times. */
  readonly duplicates: number;
  /** Decides what was drawn: noise, lost packets, intervals. */
  readonly seed: string;
}

/** UA by clip of each fold, and how far they lie apart. */
export interface FoldSpread {
  readonly byFold: readonly number[];
  readonly mean: number;
  /** Of the sample: the sum of squares over folds − 1. */
  readonly standardDeviation: number;
}

export interface EvaluatedCorpus extends CorpusResult {
  /** `null` where one model was judged. */
  readonly folds: FoldSpread | null;
}

export interface ConditionResult {
  readonly condition: string;
  readonly corpora: readonly EvaluatedCorpus[];
}

/** `evaluation.json`. */
export interface Evaluation extends Omit<EvaluationFacts, 'noises' | 'noisesHeard'> {
  readonly formatVersion: typeof EVALUATION_FORMAT;
  /** Models that were judged, each on clips of its own. */
  readonly foldCount: number;
  /** Of the models, where they were trained for this evaluation alone: then a bundle may take the figures over. */
  readonly recipe?: string;
  /** Without the noisy ones; the recordings in their best state come first. */
  readonly conditions: readonly ConditionResult[];
  readonly noise: readonly NoiseResult[];
}

/**
 * All figures of one model, or of the folds of a protocol.
 * @param folds judgements of each fold's model on the fold's own test clips; they are pooled
 */
export function evaluationOf(
  { noises, noisesHeard, ...facts }: EvaluationFacts,
  folds: readonly (readonly ClipJudgement[])[],
): Evaluation {
  const pooled = folds.flat();
  const known = [AS_PREPARED, ...LINE_CONDITIONS].map(({ name }) => name);
  const judged = groupBy(pooled, ({ condition }) => condition);
  const conditions = known.filter((name) => judged.has(name));
  return {
    formatVersion: EVALUATION_FORMAT,
    ...facts,
    foldCount: folds.length,
    conditions: conditions.map((condition) => {
      const ofFolds = folds.map((fold) => fold.filter((clip) => clip.condition === condition));
      return { condition, corpora: corporaOf(ofFolds, facts) };
    }),
    noise: noiseResults(pooled, facts.labels, noises, noisesHeard),
  };
}

function corporaOf(
  folds: readonly (readonly ClipJudgement[])[],
  { labels, seed }: Pick<EvaluationFacts, 'labels' | 'seed'>,
): EvaluatedCorpus[] {
  return [...groupBy(folds.flat(), ({ corpus }) => corpus)].map(([corpus, clips]) => {
    const own = folds.map((fold) => fold.filter((clip) => clip.corpus === corpus));
    return { ...corpusResult(corpus, clips, labels, seed), folds: spreadOf(own, labels) };
  });
}

function spreadOf(
  folds: readonly (readonly ClipJudgement[])[],
  labels: readonly string[],
): FoldSpread | null {
  if (folds.length < 2) return null;
  const judged = folds.filter(({ length }) => length > 0);
  const byFold = judged.map((fold) => metricsOf(clipItems(fold, labels), labels).unweightedAccuracy);
  const mean = byFold.reduce((sum, value) => sum + value, 0) / byFold.length;
  const squares = byFold.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { byFold, mean, standardDeviation: Math.sqrt(squares / Math.max(1, byFold.length - 1)) };
}
