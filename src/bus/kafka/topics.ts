import { UndertoneError } from '../../errors.js';
import type { KafkaDriver } from './driver.js';

/** The number of partitions that all topics have. Throws UT_KAFKA_TOPIC_MISSING, UT_KAFKA_PARTITIONS. */
export async function checkTopics(
  driver: KafkaDriver,
  topics: readonly string[],
  minPartitions: number,
): Promise<number> {
  const counts = await driver.partitionCounts(topics);
  const missing = topics.filter((topic) => !counts.has(topic));
  if (missing.length > 0) {
    // Brokers do not tell whoever may not describe a topic from one who asks for none.
    const detail = `${missing.join(', ')} ${missing.length === 1 ? 'does' : 'do'} not exist, or this user may not describe ${missing.length === 1 ? 'it' : 'them'}.`;
    throw new UndertoneError('UT_KAFKA_TOPIC_MISSING', detail, { retriable: true });
  }
  const [count = 0, ...others] = new Set(counts.values());
  if (others.length > 0) throw partitionsError(`the topics differ (${listCounts(counts)}).`);
  if (count < minPartitions) {
    throw partitionsError(`the topics have ${count}, \`bus.partitions\` asks for ${minPartitions}.`);
  }
  return count;
}

/** Looks again; the error if the number is not `expected` any more. Throws what keeps it from looking. */
export async function changeOfPartitions(
  driver: KafkaDriver,
  topics: readonly string[],
  expected: number,
): Promise<UndertoneError | undefined> {
  const counts = await driver.partitionCounts(topics);
  if (topics.every((topic) => counts.get(topic) === expected)) return undefined;
  return partitionsError(`all topics had ${expected} when this process started, now: ${listCounts(counts)}.`);
}

function listCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([topic, count]) => `${topic} ${count}`).join(', ');
}

function partitionsError(detail: string): UndertoneError {
  return new UndertoneError('UT_KAFKA_PARTITIONS', detail, { retriable: true });
}
