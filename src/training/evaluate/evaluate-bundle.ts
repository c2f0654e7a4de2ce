import type { Bundle, Classifier } from '../../inference/index.js';
import type { Dataset } from '../data/dataset.js';
import { loadNoises, noiseNames } from '../prepare/noises.js';
import { PROTOCOLS, type ProtocolName, splitBy } from '../protocols.js';
import { CLEAN, type ConditionSources, hearClip, LINE_CONDITIONS } from './conditions.js';
import { type CorpusResult, type EvaluatedClip, evaluateClips, type JudgedModel } from './evaluation.js';

export interface ConditionResult {
  readonly condition: string;
  readonly corpora: readonly CorpusResult[];
}

/** `evaluation.json`. */
export interface Evaluation {
  readonly modelId: string;
  readonly protocol: ProtocolName;
  readonly description: string;
  /** True where test speakers were heard in training. */
  readonly leaks: boolean;
  /** Noise recordings of the noisy conditions. */
  readonly noises: readonly string[];
  /** The first is `clean`. */
  readonly conditions: readonly ConditionResult[];
}

export interface EvaluateBundleOptions {
  readonly bundle: Bundle;
  readonly classifier: Pick<Classifier, 'classify'>;
  readonly dataset: Dataset;
  readonly protocol: ProtocolName;
  readonly seed: string;
  /** Folders of the recordings by corpus, and of noise; without them only the clean condition is judged. */
  readonly lines: { readonly corpora: Readonly<Record<string, string>>; readonly noiseFolder: string } | null;
  readonly onProgress?: (condition: string, done: number, total: number) => void;
}

/** Judges a bundle on the test part of a protocol. */
export async function evaluateBundle(options: EvaluateBundleOptions): Promise<Evaluation> {
  const { bundle, dataset, protocol } = options;
  const { test } = splitBy(PROTOCOLS[protocol], dataset.clips, options.seed);
  const sources = await conditionSources(options);
  const conditions: ConditionResult[] = [];
  for (const condition of options.lines === null ? [CLEAN] : [CLEAN, ...LINE_CONDITIONS]) {
    const clips = test.map((clip): EvaluatedClip => {
      const { corpus, label } = clip;
      return { corpus, label, load: () => hearClip(dataset, clip, condition, sources) };
    });
    const report = (done: number, total: number) => options.onProgress?.(condition.name, done, total);
    const corpora = await evaluateClips(judgedModel(options), clips, report);
    conditions.push({ condition: condition.name, corpora });
  }
  const { kind, description } = PROTOCOLS[protocol];
  const noises = [...sources.noises.keys()];
  return { modelId: bundle.modelId, protocol, description, leaks: kind === 'random', noises, conditions };
}

function judgedModel({ bundle, classifier }: EvaluateBundleOptions): JudgedModel {
  return {
    frontEnd: bundle.frontEnd,
    labels: bundle.labels,
    temperature: bundle.calibration.temperature,
    uncertainBelow: bundle.thresholds.uncertain,
    classifier,
  };
}

const NO_SOURCES: ConditionSources = { corpora: {}, noises: new Map(), seed: '' };

/** Noise that training did not hear; all of it where none was kept back. */
async function conditionSources({ lines, dataset, seed }: EvaluateBundleOptions): Promise<ConditionSources> {
  if (lines === null) return NO_SOURCES;
  const used = new Set(dataset.sources.flatMap(({ noises }) => noises));
  const all = await noiseNames(lines.noiseFolder, []);
  const unheard = all.filter((name) => !used.has(name));
  const noises = await loadNoises(
    lines.noiseFolder,
    unheard.length > 0 ? unheard : all,
    dataset.frontEnd.sampleRateHz,
  );
  return { corpora: lines.corpora, noises, seed };
}
