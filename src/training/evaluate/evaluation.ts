import { UndertoneError } from '../../errors.js';
import { type FrontEnd, inputLengthOf } from '../../features/index.js';
import type { Classifier } from '../../inference/index.js';
import { calibrate } from '../../timeline/index.js';
import { cutWindow, servedStarts, type VoicedFrames } from '../data/windows.js';
import { meanProbabilities } from './clip-predictions.js';
import { argmax, type Judgement, type Metrics, metricsOf } from './metrics.js';

/** A clip to be judged; `load` is called once. */
export interface EvaluatedClip {
  readonly corpus: string;
  readonly label: string;
  load(): Promise<VoicedFrames>;
}

/** How one corpus came out. */
export interface CorpusResult {
  readonly corpus: string;
  /** Each voiced window by itself: what a live call meets. */
  readonly byWindow: Metrics;
  /** Each clip by the mean of its windows' probabilities: what papers print. */
  readonly byClip: Metrics;
  /** Windows at least as sure as the bundle's threshold: their share, and the share of them that is right. */
  readonly confident: { readonly coverage: number; readonly precision: number | null };
}

/** What is used of a bundle to judge it. */
export interface JudgedModel {
  readonly frontEnd: FrontEnd;
  readonly labels: readonly string[];
  readonly temperature: number;
  readonly uncertainBelow: number;
  readonly classifier: Pick<Classifier, 'classify'>;
}

interface ClipJudgement {
  readonly corpus: string;
  readonly actual: number;
  /** Calibrated, per window. */
  readonly windows: readonly (readonly number[])[];
}

/**
 * Runs the model over the clips; one result a corpus, in the order in which corpora appear.
 * @throws UT_TRAINING_BAD_OPTIONS for a clip of a label that the model does not know
 */
export async function evaluateClips(
  model: JudgedModel,
  clips: readonly EvaluatedClip[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<CorpusResult[]> {
  const judged: ClipJudgement[] = [];
  for (const clip of clips) {
    const actual = model.labels.indexOf(clip.label);
    if (actual < 0) {
      const detail = `a clip of ${clip.corpus} is "${clip.label}"; the model knows only ${model.labels.join(', ')}.`;
      throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: 'the labels of the bundle' });
    }
    judged.push({ corpus: clip.corpus, actual, windows: await classifyClip(model, await clip.load()) });
    onProgress(judged.length, clips.length);
  }
  const corpora = [...new Set(judged.map(({ corpus }) => corpus))];
  return corpora.map((corpus) =>
    resultOf(
      model,
      corpus,
      judged.filter((clip) => clip.corpus === corpus),
    ),
  );
}

async function classifyClip(model: JudgedModel, clip: VoicedFrames): Promise<number[][]> {
  const answers = servedStarts(clip, model.frontEnd).map((start) => {
    const window = new Float32Array(inputLengthOf(model.frontEnd));
    cutWindow(clip, start, model.frontEnd, window);
    return model.classifier.classify(window);
  });
  return (await Promise.all(answers)).map((probabilities) => [
    ...calibrate(probabilities, model.temperature),
  ]);
}

function resultOf(model: JudgedModel, corpus: string, clips: readonly ClipJudgement[]): CorpusResult {
  const windows = clips.flatMap(({ actual, windows }) =>
    windows.map((probabilities) => ({ actual, probabilities })),
  );
  const byWindow = windows.map(({ actual, probabilities }) => ({ actual, predicted: argmax(probabilities) }));
  const byClip = clips.map(({ actual, windows }) => ({
    actual,
    predicted: argmax(meanProbabilities(windows)),
  }));
  const sure = windows.map(({ probabilities }) => Math.max(...probabilities) >= model.uncertainBelow);
  return {
    corpus,
    byWindow: metricsOf(byWindow, model.labels),
    byClip: metricsOf(byClip, model.labels),
    confident: confidentShare(byWindow, sure),
  };
}

function confidentShare(
  judgements: readonly Judgement[],
  sure: readonly boolean[],
): CorpusResult['confident'] {
  const confident = judgements.filter((_, i) => sure[i]);
  const right = confident.filter(({ actual, predicted }) => actual === predicted).length;
  return {
    coverage: confident.length / Math.max(1, judgements.length),
    precision: confident.length === 0 ? null : right / confident.length,
  };
}
