import type { InferenceMetrics } from '../../inference/index.js';
import type { EventLog, Metrics } from '../../telemetry/index.js';
import { packageVersion } from '../package-version.js';
import type { ModelsObserver } from './models.js';
import type { ShadowObserver } from './shadow.js';

/** What the models report, as metrics and log lines. */
export function modelsObserver(metrics: Metrics, events: EventLog): ModelsObserver {
  return {
    onCurrent(model) {
      metrics.build.reset();
      metrics.build.set({ version: packageVersion(), model }, 1);
      events.report('model-taken', { model });
    },
    onHeld: (models) => metrics.modelsHeld.set(models),
    onChange: (outcome) => metrics.modelChanges.inc({ outcome }),
    onCloseFailed: (model, err) => events.report('earlier-model-did-not-close', { model, err }),
  };
}

/** What the model on trial reports. Its troubles are nobody's emergency. */
export function shadowObserver(metrics: Metrics, events: EventLog): ShadowObserver & InferenceMetrics {
  return {
    onCompared({ agree, distance }) {
      metrics.shadowWindows.inc({ outcome: agree ? 'agree' : 'differ' });
      metrics.shadowDistance.observe(distance);
    },
    onMissed: (outcome) => metrics.shadowWindows.inc({ outcome }),
    onInference: (ms) => metrics.shadowInference.observe(ms / 1000),
    onWorkerRestart: () => events.report('trial-thread-replaced'),
    onThreadGivenUp: (_left, reason) => events.report('trial-over', { reason }),
  };
}
