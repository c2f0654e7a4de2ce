import type { BusObserver, KafkaObserver } from '../bus/index.js';
import { errorCodeOf } from '../errors.js';
import type { EventLog, Metrics } from '../telemetry/index.js';

/** What the Kafka bus reports, as metrics and log lines. */
export function kafkaObserver(bus: BusObserver, metrics: Metrics, events: EventLog): KafkaObserver {
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
      events.report('commit-failed', { topic, partition, err });
    },
    rebalanced(topic, assigned, revoked) {
      metrics.kafkaRebalances.inc();
      events.report('rebalanced', { topic, assigned, revoked });
    },
    takenOver: (topic, partition, durationMs) =>
      events.report('earlier-owners-fenced', { topic, partition, durationMs: Math.round(durationMs) }),
    fenced(topic, partition) {
      metrics.kafkaFenced.inc();
      events.report('fenced', { topic, partition });
    },
    lag: (topic, partition, records) => metrics.kafkaLag.set({ topic, partition }, records),
    paused: (topic, partition, paused) => metrics.kafkaPaused.set({ topic, partition }, paused ? 1 : 0),
    failed(err) {
      metrics.kafkaFailures.inc({ code: errorCodeOf(err) });
      events.report('kafka-failed', { err });
    },
    tlsFilesKept: (err) => events.report('tls-files-kept', { err }),
    // What the client can't mend by itself comes back as an error of the bus.
    clientLog: ({ level, message, fields }) =>
      events.report('kafka-client', { ...fields, clientLevel: level, said: message }),
  };
}
