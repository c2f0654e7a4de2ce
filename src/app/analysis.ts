import type { CallParts, LegOptions } from '../calls/index.js';
import type { Config } from '../config/index.js';
import { UndertoneError } from '../errors.js';
import { WindowStream } from '../features/index.js';
import { type Bundle, type Classifier, EMOTIONS, type Emotion } from '../inference/index.js';
import type { CallStarted } from '../ingest/index.js';
import { CallTimeline, type CallTimelineOptions, type TimelineListener } from '../timeline/index.js';

/** The middle of the path, from samples to timelines, for one model and one configuration. */
export function createCallParts(
  config: Config,
  bundle: Bundle,
  classifier: Classifier,
  createListener: (call: CallStarted) => TimelineListener,
): CallParts {
  const options = timelineOptionsOf(config, bundle);
  return {
    createWindows: () => new WindowStream(bundle.frontEnd),
    createAnalysis: (call) => new CallTimeline(call, options, classifier, createListener(call)),
  };
}

export function legOptionsOf({ voiceActivity, worker }: Config): LegOptions {
  const { minVoicedShare, ...gate } = voiceActivity;
  const { maxGapMs, minPartialMs } = worker;
  return { minVoicedShare, maxGapMs, minPartialMs, voiceActivity: gate };
}

function timelineOptionsOf({ timeline, alerts, worker }: Config, bundle: Bundle): CallTimelineOptions {
  const { uncertainThreshold, ...smoothing } = timeline;
  const { summaryEveryMs, maxLegLeadMs } = worker;
  return {
    ...smoothing,
    labels: emotionsOf(bundle),
    temperature: bundle.calibration.temperature,
    uncertainBelow: uncertainThreshold ?? bundle.thresholds.uncertain,
    rules: alerts.rules,
    summaryEveryMs,
    maxLegLeadMs,
  };
}

/** @throws UT_INFERENCE_UNKNOWN_LABEL for a label that events have no name for */
function emotionsOf(bundle: Bundle): readonly Emotion[] {
  return bundle.labels.map((label) => {
    const emotion = EMOTIONS.find((known) => known === label);
    if (emotion !== undefined) return emotion;
    throw new UndertoneError('UT_INFERENCE_UNKNOWN_LABEL', `"${label}" is none of ${EMOTIONS.join(', ')}.`, {
      place: `labels of bundle ${bundle.name}`,
    });
  });
}
