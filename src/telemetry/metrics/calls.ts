import { WAIT_SECONDS } from './buckets.js';
import { counter, gauge, histogram } from './definition.js';
import { LABEL } from './labels.js';

/** What workers do with calls. */
export const CALL_METRICS = {
  records: counter('records_total', 'Records of the audio log by type and what became of them.', {
    labels: { type: LABEL.recordType, outcome: LABEL.recordOutcome },
  }),
  deadLetters: counter('dead_letters_total', 'Records that could not be read, by error code.', {
    labels: { reason: LABEL.recordError },
    look: 'it grows',
  }),
  callsLive: gauge('calls_live', 'Calls under analysis now, by partition.', {
    labels: { partition: LABEL.partition },
  }),
  calls: counter('calls_total', 'Calls that ended, by reason.', { labels: { reason: LABEL.endReason } }),
  windowsPending: gauge('windows_pending', 'Windows of a partition that wait for the model.', {
    labels: { partition: LABEL.partition },
  }),
  partitionsLost: counter(
    'partitions_lost_total',
    'Times a partition was lost to another worker or to a commit of unknown outcome, by error code.',
    { labels: { reason: LABEL.busError }, look: 'it grows while nobody restarts' },
  ),
  takeOver: histogram(
    'take_over_seconds',
    'Reading what the former owner of a partition left in the log.',
    WAIT_SECONDS,
    { look: 'over 2' },
  ),
  callsNotRebuilt: counter(
    'calls_not_rebuilt_total',
    'Calls that went on as after a gap, because the log no longer held their audio.',
    { look: 'over 0: longer `bus.kafka.retention.audioMs`' },
  ),
} as const;
