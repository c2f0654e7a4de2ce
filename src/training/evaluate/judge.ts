import { UndertoneError } from '../../errors.js';
import { type FrontEnd, inputLengthOf } from '../../features/index.js';
import type { Bundle, Classifier } from '../../inference/index.js';
import { calibrate } from '../../timeline/index.js';
import { cutWindow, servedStarts, type VoicedFrames } from '../data/windows.js';
import type { Condition } from './conditions.js';
import { type ClipJudgement, roundedProbabilities } from './judgements.js';

/** What is used of a bundle to judge it. */
export interface JudgedModel {
  readonly frontEnd: FrontEnd;
  readonly labels: readonly string[];
  readonly temperature: number;
  readonly uncertainBelow: number;
  readonly classifier: Pick<Classifier, 'classify'>;
}

export function judgedModel(bundle: Bundle, classifier: JudgedModel['classifier']): JudgedModel {
  return {
    frontEnd: bundle.frontEnd,
    labels: bundle.labels,
    temperature: bundle.calibration.temperature,
    uncertainBelow: bundle.thresholds.uncertain,
    classifier,
  };
}

/** A clip to be judged. */
export interface JudgedClip {
  readonly id: string;
  readonly corpus: string;
  readonly speaker: string;
  readonly label: string;
  /** Under which it is heard. */
  readonly conditions: readonly Condition[];
  /** The clip opened; its recording is kept only as long as what is returned. */
  open(): { under(condition: Condition): Promise<VoicedFrames> };
}

/** Clips that are heard at the same time: enough to keep the threads of a classifier busy, and no more in memory. */
const AT_ONCE = 4;

/**
 * Runs a model over clips, each under its conditions. The judgements come in the order of clips, and of conditions for
 * each, whatever the threads of the classifier do.
 * @throws UT_TRAINING_BAD_OPTIONS for a clip of a label that the model does not know
 */
export async function judgeClips(
  model: JudgedModel,
  clips: readonly JudgedClip[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ClipJudgement[]> {
  for (const clip of clips) requireKnown(model, clip);
  const judged: ClipJudgement[][] = [];
  let [next, done] = [0, 0];
  const worker = async () => {
    for (let i = next++; i < clips.length; i = next++) {
      judged[i] = await judgeClip(model, clips[i]!);
      onProgress(++done, clips.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return judged.flat();
}

function requireKnown(model: JudgedModel, clip: JudgedClip): void {
  if (model.labels.includes(clip.label)) return;
  const detail = `a clip of ${clip.corpus} is "${clip.label}"; the model knows only ${model.labels.join(', ')}.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: 'the labels of the bundle' });
}

async function judgeClip(model: JudgedModel, clip: JudgedClip): Promise<ClipJudgement[]> {
  const { id, corpus, speaker, label } = clip;
  const opened = clip.open();
  const judgements: ClipJudgement[] = [];
  for (const condition of clip.conditions) {
    const windows = await classifyClip(model, await opened.under(condition));
    const { uncertainBelow } = model;
    judgements.push({ condition: condition.name, corpus, clip: id, speaker, label, uncertainBelow, windows });
  }
  return judgements;
}

async function classifyClip(model: JudgedModel, clip: VoicedFrames): Promise<number[][]> {
  const answers = servedStarts(clip, model.frontEnd).map((start) => {
    const window = new Float32Array(inputLengthOf(model.frontEnd));
    cutWindow(clip, start, model.frontEnd, window);
    return model.classifier.classify(window);
  });
  return (await Promise.all(answers)).map((probabilities) =>
    roundedProbabilities(calibrate(probabilities, model.temperature)),
  );
}
