import type { Bundle, Classifier } from '../../inference/index.js';
import { sourcesFolder } from '../corpora/index.js';
import type { Dataset } from '../data/dataset.js';
import { loadNoises, noiseNames } from '../prepare/noises.js';
import { type ProtocolName, protocolOf } from '../protocols.js';
import { type Split, splitBy } from '../split.js';
import { CLEAN, type ConditionSources, hearClip, LINE_CONDITIONS } from './conditions.js';
import { type CorpusResult, type EvaluatedClip, evaluateClips, type JudgedModel } from './evaluation.js';
import { noisesInTraining, trainingProtocol } from './training-record.js';

export interface ConditionResult {
  readonly condition: string;
  readonly corpora: readonly CorpusResult[];
}

/** `evaluation.json`. */
export interface Evaluation {
  readonly modelId: string;
  readonly protocol: ProtocolName;
  readonly description: string;
  /** The protocol that the bundle was trained by; `null` where it states none. */
  readonly trainedBy: ProtocolName | null;
  /** True where test speakers were heard in training; `null` where nobody can know. */
  readonly leaks: boolean | null;
  /** Noise recordings of the noisy conditions. */
  readonly noises: readonly string[];
  /** Whether training held none of them; `null` where the bundle does not say what it held. */
  readonly noisesUnheard: boolean | null;
  /** Groups of recordings that the data hold several times. */
  readonly duplicates: number;
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
  const { test } = splitOf(options, protocol);
  const { sources, noisesUnheard } = await conditionSources(options);
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
  const trainedBy = trainingProtocol(bundle.training);
  const heard = trainedBy && speakersHeard(splitOf(options, trainedBy));
  return {
    modelId: bundle.modelId,
    protocol,
    description: protocolOf(protocol).description,
    trainedBy,
    leaks: heard && test.some(({ speaker }) => heard.has(speaker)),
    noises: [...sources.noises.keys()],
    noisesUnheard,
    duplicates: dataset.duplicates.length,
    conditions,
  };
}

/** The split of the fold that the bundle was trained by; of another protocol, its first fold. */
function splitOf({ bundle, dataset, seed }: EvaluateBundleOptions, name: ProtocolName): Split {
  const protocol = protocolOf(name);
  const fold = protocol.folds.find((known) => known.name === bundle.training.fold) ?? protocol.folds[0]!;
  return splitBy(protocol, fold, dataset.clips, seed);
}

function speakersHeard({ train, validation }: Split): ReadonlySet<string> {
  return new Set([...train, ...validation].map(({ speaker }) => speaker));
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
async function conditionSources(
  options: EvaluateBundleOptions,
): Promise<{ readonly sources: ConditionSources; readonly noisesUnheard: boolean | null }> {
  const { lines, dataset, bundle, seed } = options;
  if (lines === null) return { sources: NO_SOURCES, noisesUnheard: null };
  const trained = noisesInTraining(bundle.training);
  const used = new Set([...(trained ?? []), ...dataset.sources.flatMap(({ noises }) => noises)]);
  const all = await noiseNames(lines.noiseFolder, []);
  const unheard = all.filter((name) => !used.has(name));
  const noises = await loadNoises(
    lines.noiseFolder,
    unheard.length > 0 ? unheard : all,
    dataset.frontEnd.sampleRateHz,
  );
  const corpora = await recordingsFolders(lines.corpora);
  return { sources: { corpora, noises, seed }, noisesUnheard: trained && unheard.length > 0 };
}

async function recordingsFolders(folders: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const found = Object.entries(folders).map(async ([corpus, folder]) => {
    return [corpus, await sourcesFolder(corpus, folder)] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}
