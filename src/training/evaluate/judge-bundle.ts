import type { Bundle } from '../../inference/index.js';
import { sourcesFolder } from '../corpora/index.js';
import type { Dataset } from '../data/dataset.js';
import { groupBy } from '../group.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { loadNoises, noiseNames } from '../prepare/noises.js';
import { Random } from '../random.js';
import { AS_PREPARED, LINE_CONDITIONS, LINE_RATE_HZ, noiseConditions } from './conditions.js';
import { HeardClip, type LineSources } from './heard-clip.js';
import { type JudgedClip, type JudgedModel, judgeClips, judgedModel } from './judge.js';
import type { ClipJudgement } from './judgements.js';

/** What telephone lines and noise are made from. */
export interface LineOptions {
  /** Folders of the recordings by corpus. */
  readonly corpora: Readonly<Record<string, string>>;
  readonly noiseFolder: string;
  /**
   * Clips of each corpus that are heard in noise, as many of each class as there are, drawn by the seed: the grid of
   * noises and levels has some eighty conditions.
   */
  readonly noiseClips: number;
}

export interface JudgeBundleOptions {
  readonly bundle: Bundle;
  readonly classifier: JudgedModel['classifier'];
  readonly dataset: Dataset;
  /** Test clips of the dataset that the bundle is judged by. */
  readonly clips: readonly PreparedClip[];
  readonly seed: string;
  /** `null`: the clips are heard as they were prepared, and no other way. */
  readonly lines: LineOptions | null;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Runs a bundle over clips under every condition that there is audio for. */
export async function judgeBundle(options: JudgeBundleOptions): Promise<ClipJudgement[]> {
  const { bundle, classifier, dataset, clips, lines, seed } = options;
  const sources = lines && (await sourcesOf(lines));
  const noisy = new Set(lines === null ? [] : balancedSubset(clips, lines.noiseClips, seed));
  const inNoise = sources === null ? [] : noiseConditions([...sources.noises.keys()]);
  const judged = clips.map((clip): JudgedClip => {
    const conditions = [
      ...(sources === null ? [AS_PREPARED] : LINE_CONDITIONS),
      ...(noisy.has(clip) ? inNoise : []),
    ];
    const { id, corpus, speaker, label } = clip;
    return {
      id,
      corpus,
      speaker,
      label,
      conditions,
      open: () => new HeardClip(dataset, clip, sources, seed),
    };
  });
  return judgeClips(judgedModel(bundle, classifier), judged, options.onProgress);
}

async function sourcesOf({ corpora, noiseFolder }: LineOptions): Promise<LineSources> {
  const folders = Object.entries(corpora).map(async ([corpus, folder]) => {
    return [corpus, await sourcesFolder(corpus, folder)] as const;
  });
  const noises = await loadNoises(noiseFolder, await noiseNames(noiseFolder, []), LINE_RATE_HZ);
  return { corpora: Object.fromEntries(await Promise.all(folders)), noises };
}

/** At most `count` clips of each corpus, one class after the other as long as they last, in their old order. */
export function balancedSubset(
  clips: readonly PreparedClip[],
  count: number,
  seed: string,
): readonly PreparedClip[] {
  const chosen = new Set<PreparedClip>();
  for (const [corpus, ofCorpus] of groupBy(clips, (clip) => clip.corpus)) {
    const random = new Random(`${seed}/noise-clips/${corpus}`);
    const byLabel = [...groupBy(ofCorpus, ({ label }) => label).values()].map((own) => random.shuffle(own));
    const longest = Math.max(...byLabel.map(({ length }) => length));
    const rounds = Array.from({ length: longest }, (_, i) => byLabel.flatMap((own) => own.slice(i, i + 1)));
    for (const clip of rounds.flat().slice(0, count)) chosen.add(clip);
  }
  return clips.filter((clip) => chosen.has(clip));
}
