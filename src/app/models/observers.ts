import type { InferenceMetrics } from '../../inference/index.js';
import type { Logger, Metrics } from '../../telemetry/index.js';
import { packageVersion } from '../package-version.js';
import type { ModelsObserver } from './models.js';
import type { ShadowObserver } from './shadow.js';

/** What the models report, as metrics and log lines. */
export function modelsObserver(metrics: Metrics, logger: Logger): ModelsObserver {
  return {
    onCurrent(model) {
      metrics.build.reset();
      metrics.build.set({ version: packageVersion(), model }, 1);
      logger.info({ model }, 'calls that begin from now on have this model');
    },
    onHeld: (models) => metrics.modelsHeld.set(models),
    onChange: (outcome) => metrics.modelChanges.inc({ outcome }),
    onCloseFailed: (model, err) => logger.error({ model, err }, 'an earlier model did not close cleanly'),
  };
}

/** What the model on trial reports. Its troubles are nobody's emergency. */
export function shadowObserver(metrics: Metrics, logger: Logger): ShadowObserver & InferenceMetrics {
  return {
    onCompared({ agree, distance }) {
      metrics.shadowWindows.inc({ outcome: agree ? 'agree' : 'differ' });
      metrics.shadowDistance.observe(distance);
    },
    onMissed: (outcome) => metrics.shadowWindows.inc({ outcome }),
    onInference: (ms) => metrics.shadowInference.observe(ms / 1000),
    onWorkerRestart: () => logger.warn('the thread of the model on trial died and was replaced'),
    onThreadGivenUp: (_left, reason) =>
      logger.warn({ reason }, 'the thread of the model on trial kept dying: the trial is over'),
  };
}
