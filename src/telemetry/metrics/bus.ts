import { WAIT_SECONDS } from './buckets.js';
import { counter, gauge, histogram } from './definition.js';
import { LABEL } from './labels.js';

const { topic, partition } = LABEL;

/** The bus in memory, of one process. */
export const BUS_METRICS = {
  busRecords: gauge('bus_records', 'Records that a partition of the memory bus holds.', {
    labels: { topic, partition },
    look: 'near the bounds of the topic',
  }),
  busBytes: gauge('bus_bytes', 'Bytes that a partition of the memory bus holds.', {
    labels: { topic, partition },
    look: 'near the bounds of the topic',
  }),
  busDropped: counter('bus_dropped_total', 'Oldest records dropped from a full topic.', {
    labels: { topic },
  }),
  busAppendWait: histogram('bus_append_wait_seconds', 'How long producers waited for room.', WAIT_SECONDS, {
    labels: { topic },
  }),
} as const;
