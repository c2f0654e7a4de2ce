import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inputLengthOf } from '../../features/index.js';
import { type Bundle, createOnnxClassifier, MODEL_FILE } from '../../inference/index.js';
import type { Dataset } from '../data/dataset.js';
import { judgeBundle } from '../evaluate/judge-bundle.js';
import type { ClipJudgement } from '../evaluate/judgements.js';
import { argmax, type Metrics, metricsOf } from '../evaluate/metrics.js';
import { clipItems, windowItems } from '../evaluate/result.js';
import { groupBy } from '../group.js';
import type { PreparedClip } from '../prepare/manifest.js';
import type { Build, BuildAccuracy } from './report.js';
import { timeSideBySide } from './speed.js';

/** A build that has been judged. */
export interface JudgedBuild {
  readonly step: string;
  readonly bundle: Bundle;
  /** Of the file that is run. */
  readonly bytes: number;
  readonly judgements: readonly ClipJudgement[];
}

/** Runs a bundle over clips by the engine that serves it. @param folder the bundle's */
export async function judgeBuild(
  step: string,
  folder: string,
  bundle: Bundle,
  dataset: Dataset,
  clips: readonly PreparedClip[],
): Promise<JudgedBuild> {
  const { size } = await stat(join(folder, bundle.optimized?.file ?? MODEL_FILE));
  const classifier = createOnnxClassifier({ bundle });
  try {
    await classifier.start();
    const judgements = await judgeBundle({ bundle, classifier, dataset, clips, seed: '', lines: null });
    return { step, bundle, bytes: size, judgements };
  } finally {
    await classifier.close();
  }
}

/** Puts builds of one model beside each other; their speed is measured now. */
export async function compareBuilds(judged: readonly JudgedBuild[]): Promise<Build[]> {
  const [first] = judged;
  const window = new Float32Array(inputLengthOf(first!.bundle.frontEnd)).map((_, i) => Math.sin(i * 0.1));
  const times = await timeSideBySide(
    judged.map(({ bundle }) => bundle),
    window,
  );
  return judged.map(({ step, bundle, bytes, judgements }, i) => ({
    step,
    modelId: bundle.modelId,
    filters: bundle.network.architecture.filters,
    bytes,
    windowMs: Math.round(times[i]! * 1000) / 1000,
    sameLabel: sameLabel(first!.judgements, judgements),
    accuracy: accuracyOf(judgements, bundle.labels),
  }));
}

function accuracyOf(judgements: readonly ClipJudgement[], labels: readonly string[]): BuildAccuracy[] {
  return [...groupBy(judgements, ({ corpus }) => corpus)].map(([corpus, clips]) => ({
    corpus,
    clips: clips.length,
    byClip: shares(metricsOf(clipItems(clips, labels), labels)),
    byWindow: shares(metricsOf(windowItems(clips, labels), labels)),
  }));
}

function shares({ unweightedAccuracy, accuracy }: Metrics): BuildAccuracy['byClip'] {
  return { unweightedAccuracy, accuracy };
}

/** @param found judgements of the same clips in the same order */
function sameLabel(expected: readonly ClipJudgement[], found: readonly ClipJudgement[]): number {
  const labels = (judgements: readonly ClipJudgement[]) =>
    judgements.flatMap(({ windows }) => windows.map(argmax));
  const [ours, theirs] = [labels(found), labels(expected)];
  return ours.filter((label, i) => label === theirs[i]).length / Math.max(1, ours.length);
}
