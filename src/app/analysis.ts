import type { CallParts, CallTableOptions } from '../calls/index.js';
import type { Config } from '../config/index.js';
import { UndertoneError } from '../errors.js';
import { WindowStream } from '../features/index.js';
import { type Bundle, type Classifier, EMOTIONS, type Emotion } from '../inference/index.js';
import { LegPolicy } from '../ingest/index.js';
import { eraseResults, ResultWriter, type ResultWriterDeps } from '../sink/index.js';
import { CallTimeline, type CallTimelineOptions, listenerStateOf } from '../timeline/index.js';

/** The path from samples to results, for one model and one configuration. */
export function createCallParts(
  config: Config,
  bundle: Bundle,
  classifier: Classifier,
  results: ResultWriterDeps,
): CallParts {
  const options = timelineOptionsOf(config, bundle);
  return {
    model: results.model,
    frontEnd: bundle.frontEndFingerprint,
    createWindows: () => new WindowStream(bundle.frontEnd),
    createAnalysis(call, origin, outbox, state) {
      const past = state === undefined ? undefined : listenerStateOf(state);
      const writer = new ResultWriter(call, origin, outbox, results, past);
      return new CallTimeline(call, options, classifier, writer, state);
    },
    erase: (callId, origin, outbox) => eraseResults(callId, origin, outbox, results),
  };
}

/** What tenants have declared and require. */
export function legPolicyOf({ tenants }: Config): ConstructorParameters<typeof LegPolicy>[0] {
  const namesWhere = (holds: (tenant: Config['tenants'][string]) => boolean) =>
    Object.entries(tenants).flatMap(([name, tenant]) => (holds(tenant) ? [name] : []));
  return {
    agentAudioDeclaredTenants: namesWhere((tenant) => tenant.agentAudioDeclared !== undefined),
    requireNoticeTenants: namesWhere((tenant) => tenant.requireNotice),
  };
}

export function callTableOptionsOf(config: Config): CallTableOptions {
  const { voiceActivity, worker } = config;
  const policy = new LegPolicy(legPolicyOf(config));
  const { minVoicedShare, ...gate } = voiceActivity;
  const { maxGapMs, minPartialMs, idleTimeoutMs, pausedTimeoutMs, maxErasedCalls } = worker;
  const leg = { minVoicedShare, maxGapMs, minPartialMs, voiceActivity: gate };
  const mayAnalyse: CallTableOptions['mayAnalyse'] = (...of) => policy.mayAnalyse(...of);
  return { leg, mayAnalyse, idleTimeoutMs, pausedTimeoutMs, maxErasedCalls };
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
