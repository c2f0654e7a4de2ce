import { COMMIT_SECONDS } from './buckets.js';
import { counter, gauge, histogram } from './definition.js';
import { LABEL } from './labels.js';

const { topic, partition, busError } = LABEL;

/** The bus on Kafka. */
export const KAFKA_METRICS = {
  kafkaBufferedRecords: gauge(
    'kafka_buffered_records',
    'Audio records of this process that wait for a broker.',
    { look: 'near `bus.kafka.maxBufferedRecords`' },
  ),
  kafkaBufferedBytes: gauge('kafka_buffered_bytes', 'Their bytes.', {
    look: 'near `bus.kafka.maxBufferedBytes`',
  }),
  kafkaSent: counter('kafka_sent_records_total', 'Audio records that a broker has acknowledged.'),
  kafkaSendSeconds: histogram(
    'kafka_send_seconds',
    'From sending a batch of audio records to its acknowledgement.',
    COMMIT_SECONDS,
    { look: 'p99 over 0.5: the brokers are slow' },
  ),
  kafkaCommitSeconds: histogram(
    'kafka_commit_seconds',
    'Writing the results and the offset of one batch.',
    COMMIT_SECONDS,
    { look: 'p99 over 0.5: the brokers are slow' },
  ),
  kafkaCommitFailures: counter('kafka_commit_failures_total', 'Commits that failed, by error code.', {
    labels: { code: busError },
    look: 'it grows',
  }),
  kafkaRebalances: counter(
    'kafka_rebalances_total',
    'Times partitions came to this worker or went from it.',
    { look: 'it grows while nobody restarts' },
  ),
  kafkaFenced: counter('kafka_fenced_total', 'Commits refused because another worker owns the partition.', {
    look: 'it grows while nobody restarts',
  }),
  kafkaLag: gauge('kafka_lag_records', 'Records of an owned partition that have not been read.', {
    labels: { topic, partition },
    look: 'it grows: more workers',
  }),
  kafkaPaused: gauge('kafka_paused', '1 while a partition is not fetched, because its work is behind.', {
    labels: { topic, partition },
  }),
  kafkaFailures: counter('kafka_failures_total', 'Failures of the Kafka client, by error code.', {
    labels: { code: busError },
    look: 'it grows',
  }),
} as const;
