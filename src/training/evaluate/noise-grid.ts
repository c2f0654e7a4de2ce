import { groupBy } from '../group.js';
import { NOISE_SNRS_DB, noiseConditionName } from './conditions.js';
import type { ClipJudgement } from './judgements.js';
import { metricsOf } from './metrics.js';
import { clipItems, windowItems } from './result.js';

/** UA of one corpus under one noise at one level. */
export interface NoiseLevel {
  readonly snrDb: number;
  readonly byClip: number;
  readonly byWindow: number;
}

/** One recording of noise. */
export interface NoiseResult {
  readonly corpus: string;
  readonly noise: string;
  /** Whether training held this recording; `null` where the bundle does not say what it held. */
  readonly heard: boolean | null;
  readonly clips: number;
  /** In the order of {@link NOISE_SNRS_DB}. */
  readonly levels: readonly NoiseLevel[];
}

/** @param heard names of the noises that training held; `null` where nobody knows */
export function noiseResults(
  judgements: readonly ClipJudgement[],
  labels: readonly string[],
  noises: readonly string[],
  heard: readonly string[] | null,
): NoiseResult[] {
  const byCondition = groupBy(judgements, ({ corpus, condition }) => `${corpus}\n${condition}`);
  const corpora = [...new Set(judgements.map(({ corpus }) => corpus))];
  return corpora.flatMap((corpus) =>
    noises.flatMap((noise) => {
      const under = (snrDb: number) =>
        byCondition.get(`${corpus}\n${noiseConditionName(noise, snrDb)}`) ?? [];
      const clips = under(NOISE_SNRS_DB[0]!).length;
      if (clips === 0) return [];
      const levels = NOISE_SNRS_DB.map((snrDb) => levelOf(snrDb, under(snrDb), labels));
      return [{ corpus, noise, heard: heard === null ? null : heard.includes(noise), clips, levels }];
    }),
  );
}

function levelOf(snrDb: number, clips: readonly ClipJudgement[], labels: readonly string[]): NoiseLevel {
  return {
    snrDb,
    byClip: metricsOf(clipItems(clips, labels), labels).unweightedAccuracy,
    byWindow: metricsOf(windowItems(clips, labels), labels).unweightedAccuracy,
  };
}

/** Mean over noises at each level, as if it were one noise. @param results of one corpus, at least one */
export function meanLevels(results: readonly NoiseResult[]): NoiseLevel[] {
  return NOISE_SNRS_DB.map((snrDb, i) => {
    const levels = results.map((result) => result.levels[i]!);
    const mean = (field: 'byClip' | 'byWindow') =>
      levels.reduce((sum, level) => sum + level[field], 0) / levels.length;
    return { snrDb, byClip: mean('byClip'), byWindow: mean('byWindow') };
  });
}
