import type { BusObserver, KafkaObserver } from '../bus/index.js';
import { errorCodeOf } from '../errors.js';
import type { Logger, Metrics } from '../telemetry/index.js';

/** What the Kafka bus reports, as metrics and log lines. */
export function kafkaObserver(bus: BusObserver, metrics: Metrics, logger: Logger): KafkaObserver {
  return {
    ...bus,
    buffered(records, bytes) {
      metrics.kafkaBufferedRecords.set(records);
      metrics.kafkaBufferedBytes.set(bytes);
    },
    sent: (records, _bytes, durationMs) => {
      metrics.kafkaSent.inc(records);
      metrics.kafkaSendSeconds.observe(durationMs / 1000);
    },
    committed: (_topic, _partition, _results, durationMs) =>
      metrics.kafkaCommitSeconds.observe(durationMs / 1000),
    commitFailed(topic, partition, err) {
      metrics.kafkaCommitFailures.inc({ code: errorCodeOf(err) });
      logger.warn({ topic, partition, err }, 'a commit failed');
    },
    rebalanced(topic, assigned, revoked) {
      metrics.kafkaRebalances.inc();
      logger.info({ topic, assigned, revoked }, 'partitions were shared out anew');
    },
    takenOver: (topic, partition, durationMs) =>
      logger.debug({ topic, partition, durationMs: Math.round(durationMs) }, 'earlier owners are fenced'),
    fenced(topic, partition) {
      metrics.kafkaFenced.inc();
      logger.warn({ topic, partition }, 'another worker owns the partition');
    },
    lag: (topic, partition, records) => metrics.kafkaLag.set({ topic, partition }, records),
    paused: (topic, partition, paused) => metrics.kafkaPaused.set({ topic, partition }, paused ? 1 : 0),
    failed(err) {
      metrics.kafkaFailures.inc({ code: errorCodeOf(err) });
      logger.warn({ err }, 'Kafka failed; it is tried again');
    },
    // What the client can't mend by itself comes back as an error of the bus.
    clientLog: ({ level, message, fields }) => logger.debug({ level, ...fields }, `Kafka client: ${message}`),
  };
}
