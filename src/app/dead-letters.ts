import type { Bus, BusRecord } from '../bus/index.js';
import { errorCodeOf } from '../errors.js';
import type { Logger, Metrics } from '../telemetry/index.js';

/** Keeps what could not be used, as it came, with the reason and where it stood. */
export function deadLetterWriter(
  bus: Bus,
  topic: string,
  metrics: Metrics,
  logger: Logger,
): (record: BusRecord, error: unknown) => void {
  return (record, error) => {
    const reason = errorCodeOf(error);
    const source = { topic: record.topic, partition: record.partition, offset: record.offset };
    metrics.deadLetters.inc({ reason });
    logger.warn({ ...source, reason, err: error }, 'a record was left out');
    const origin = `${source.topic}/${source.partition}/${source.offset}`;
    const headers = { ...record.headers, reason, 'source-position': origin };
    bus.append(topic, { key: record.key, value: record.value, headers }).catch((err: unknown) => {
      logger.error({ ...source, err }, 'the record could not be kept either');
    });
  };
}
