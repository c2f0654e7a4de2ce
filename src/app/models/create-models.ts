import { systemClock } from '../../clock.js';
import type { Config, ModelConfig } from '../../config/index.js';
import type { InferenceMetrics } from '../../inference/index.js';
import type { ResultObserver } from '../../sink/index.js';
import type { EventLog, Metrics } from '../../telemetry/index.js';
import { resultTopicsOf } from '../topics.js';
import { loadModel, type ModelDeps } from './load-model.js';
import { Models, type ModelsDeps } from './models.js';
import { modelsObserver, shadowObserver } from './observers.js';

/** Windows that one record of the audio log can complete: 64 KiB of µ-law are 8 s, 16 windows; four times that. */
const MAX_WINDOWS_A_RECORD = 64;
/** As many as the configuration allows; how many Kafka's topics have is not known before it is reached. */
const MAX_PARTITIONS = 1024;

export interface CreateModelsDeps extends Pick<ModelsDeps, 'inUse'> {
  readonly results: ResultObserver;
  readonly inference: InferenceMetrics;
  readonly traces: ModelDeps['traces'];
}

/** Reads the model that is configured; {@link Models.start} makes it ready for calls. */
export async function createModels(
  config: Config,
  metrics: Metrics,
  events: EventLog,
  { results: observer, inference, traces, inUse }: CreateModelsDeps,
): Promise<Models> {
  const deps = {
    config,
    maxWaiting: maxWaitingOf(config),
    results: { topics: resultTopicsOf(config), nowMs: () => systemClock.nowMs(), observer },
    metrics: inference,
    traces,
    shadow: shadowObserver(metrics, events),
    events,
  };
  const load = (section: ModelConfig) => loadModel(section, deps);
  return new Models(await load(config.model), { load, inUse, observer: modelsObserver(metrics, events) });
}

/** As many as the partitions may hand over together, so that the model makes them wait and never refuses. */
function maxWaitingOf({ bus, worker }: Config): number {
  const partitions = bus.kind === 'memory' ? bus.partitions : MAX_PARTITIONS;
  return partitions * (worker.maxPendingWindowsPerPartition + MAX_WINDOWS_A_RECORD);
}
