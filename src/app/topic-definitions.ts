import type { TopicDefinition } from '../bus/index.js';
import type { Config } from '../config/index.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What the brokers count beside the record itself. */
const ENVELOPE_BYTES = 48_588;
/** Kafka deletes whole files only, once their newest record is old enough: a file is open for so small a part of the time. */
const FILES_A_RETENTION = 3;

/**
 * The topics of Kafka as the configuration wants them. What always holds: equal partition counts, because a call's
 * results lie in the partition of its audio; and the broker's clock on every record, because a worker that takes a
 * partition over compares the times of records of several topics.
 */
export function topicDefinitionsOf({ bus }: Config): readonly TopicDefinition[] {
  const { topics, partitions, kafka } = bus;
  const { replicationFactor, retention, maxRecordBytes } = kafka;
  const common = {
    'max.message.bytes': String(maxRecordBytes + ENVELOPE_BYTES),
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': String(Math.ceil(replicationFactor / 2)),
  };
  const define = (topic: { readonly name: string }, settings: Readonly<Record<string, string>>) => ({
    name: topic.name,
    partitions,
    replicationFactor,
    settings: { ...settings, ...common },
  });
  return [
    define(topics.audio, deleted(retention.audioMs)),
    define(topics.emotions, deleted(retention.emotionsMs)),
    define(topics.calls, compacted(retention)),
    define(topics.alerts, deleted(retention.alertsMs)),
    define(topics.deadLetters, deleted(retention.deadLettersMs)),
  ];
}

function deleted(retentionMs: number): Readonly<Record<string, string>> {
  const segmentMs = Math.max(MINUTE_MS, Math.min(DAY_MS, Math.floor(retentionMs / FILES_A_RETENTION)));
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionMs),
    'segment.ms': String(segmentMs),
  };
}

/** Within a day only the last word on a call is left; tombstones outlive all dead letters of their calls. */
function compacted({ callsMs, deadLettersMs }: Config['bus']['kafka']['retention']) {
  return {
    ...(callsMs === null
      ? { 'cleanup.policy': 'compact' }
      : { 'cleanup.policy': 'compact,delete', 'retention.ms': String(callsMs) }),
    'segment.ms': String(HOUR_MS),
    'max.compaction.lag.ms': String(DAY_MS),
    'delete.retention.ms': String(Math.max(DAY_MS, deadLettersMs)),
  };
}
