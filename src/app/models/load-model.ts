import type { CallParts } from '../../calls/index.js';
import type { Config, ModelConfig } from '../../config/index.js';
import {
  type Bundle,
  type Classifier,
  createClassifier,
  type InferenceMetrics,
  loadBundle,
} from '../../inference/index.js';
import type { ResultWriterDeps } from '../../sink/index.js';
import type { EventLog } from '../../telemetry/index.js';
import { createCallParts } from '../analysis.js';
import { bundleDirectory } from '../bundle-directory.js';
import { createAppClassifier, readableEngine } from '../classifier.js';
import { isInShare } from '../share.js';
import type { WorkerTraces } from '../traces/worker-traces.js';
import { besideIt, type ShadowObserver, type Side } from './shadow.js';
import { loadTried } from './tried-bundle.js';

/** A model in memory with what calls are made with, and the one on trial beside it. */
export interface HeldModel {
  readonly parts: CallParts;
  /** Windows accepted or waiting, and not answered; those for a model on trial apart. */
  readonly queueDepth: number;
  /** Threads that compute its windows; not those of a model on trial. */
  readonly threads: number;
  /** Loads and warms up, or fails and leaves nothing behind. */
  start(): Promise<void>;
  /** Answers what was asked, then lets go of the model. */
  close(): Promise<void>;
}

export interface ModelDeps {
  /** All but its section `model`. */
  readonly config: Config;
  /** Windows that may wait for the model. */
  readonly maxWaiting: number;
  readonly results: Omit<ResultWriterDeps, 'model'>;
  readonly metrics: InferenceMetrics;
  readonly shadow: ShadowObserver & InferenceMetrics;
  /** What makes spans of it; undefined where traces are switched off. */
  readonly traces: Pick<WorkerTraces, 'classifier' | 'parts'> | undefined;
  readonly events: EventLog;
}

/**
 * Reads the bundles that a section `model` names, and puts together what calls are made with.
 *
 * @throws UT_INFERENCE_SHADOW_FRONT_END, UT_INFERENCE_UNKNOWN_LABEL, UT_INFERENCE_NO_TFJS and what {@link loadBundle} throws
 */
export async function loadModel(section: ModelConfig, deps: ModelDeps): Promise<HeldModel> {
  const { config, maxWaiting, metrics, events, results, traces } = deps;
  const bundle = await loadBundle(bundleDirectory(section));
  const { classifier, modelId } = createAppClassifier(section, bundle, { maxWaiting, metrics }, events);
  const named = { ...results, model: modelId };
  const partsWith = (heard: Classifier): CallParts => {
    if (traces === undefined) return createCallParts(config, bundle, heard, named);
    const timed = traces.classifier(heard, () => classifier.queueDepth);
    return traces.parts(createCallParts(config, bundle, timed, named));
  };
  const parts = partsWith(classifier);
  const shadow = await loadShadow(section, bundle, deps.shadow);
  if (shadow === null) return held(parts, [classifier]);
  const { share, maxQueuedWindows } = section.shadow;
  const both = besideIt(sideOf(bundle, classifier), shadow, maxQueuedWindows, deps.shadow);
  const watched = partsWith(both);
  const chosen: CallParts = {
    ...parts,
    createAnalysis: (call, ...more) =>
      (isInShare(call.callId, share) ? watched : parts).createAnalysis(call, ...more),
  };
  return held(chosen, [classifier, shadow.classifier]);
}

/** @param bundle of the model beside which it is tried */
async function loadShadow(
  { engine, shadow }: ModelConfig,
  bundle: Bundle,
  metrics: InferenceMetrics,
): Promise<Side | null> {
  if (shadow.bundle === null) return null;
  const tried = await loadTried(shadow.bundle, bundle);
  const limits = { threads: 1, maxQueued: shadow.maxQueuedWindows, maxWaiting: 0 };
  const options = { bundle: tried, ...limits, background: true, metrics };
  return sideOf(tried, createClassifier(readableEngine({ engine }), options));
}

function sideOf({ labels, calibration }: Bundle, classifier: Side['classifier']): Side {
  return { labels, temperature: calibration.temperature, classifier };
}

function held(parts: CallParts, [main, ...others]: readonly [Side['classifier'], ...Side['classifier'][]]) {
  const all = [main, ...others];
  const close = async () => void (await Promise.all(all.map((classifier) => classifier.close())));
  return {
    parts,
    get queueDepth() {
      return main.queueDepth;
    },
    get threads() {
      return main.threads;
    },
    async start() {
      const starts = await Promise.allSettled(all.map((classifier) => classifier.start()));
      const failed = starts.find((start) => start.status === 'rejected');
      if (failed === undefined) return;
      await close();
      throw failed.reason;
    },
    close,
  };
}
