import { COMPUTE_SECONDS, DISTANCES } from './buckets.js';
import { counter, gauge, histogram } from './definition.js';
import { LABEL } from './labels.js';

/** The model and its threads. */
export const MODEL_METRICS = {
  inference: histogram('inference_seconds', 'Computing one window in a worker thread.', COMPUTE_SECONDS),
  inferenceQueue: gauge('inference_queue_windows', 'Windows that a worker thread has or that wait for one.', {
    look: 'it stays high: more `model.threads`, or fewer calls',
  }),
  inferenceThreads: gauge(
    'inference_threads',
    'Worker threads that compute windows, those that restart included.',
  ),
  inferenceRestarts: counter('inference_restarts_total', 'Worker threads that died and were replaced.', {
    look: 'it grows',
  }),
  inferenceThreadsGivenUp: counter(
    'inference_threads_given_up_total',
    'Worker threads that died again and again and are not replaced any more.',
    { look: 'over 0: restart, with more memory' },
  ),
  modelsHeld: gauge(
    'models_held',
    'Models in memory: one, and after a change those that calls under way still have.',
    { look: 'over 1 for longer than the longest call' },
  ),
  modelChanges: counter('model_changes_total', 'Changes of the model while it ran.', {
    labels: { outcome: LABEL.change },
    look: '`refused`: the log says why',
  }),
  shadowWindows: counter('shadow_windows_total', 'Windows for the model on trial.', {
    labels: { outcome: LABEL.trial },
  }),
  shadowDistance: histogram(
    'shadow_distance',
    'How far apart the probabilities of the model on trial and of the model are: 0 the same, 1 nothing in common.',
    DISTANCES,
  ),
  shadowInference: histogram(
    'shadow_inference_seconds',
    'Computing one window with the model on trial.',
    COMPUTE_SECONDS,
  ),
} as const;
