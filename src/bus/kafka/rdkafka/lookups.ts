import { ask, REQUEST_TIMEOUT_MS } from './client.js';
import { fromRdkafka } from './errors.js';
import type {
  Metadata,
  NativeClient,
  NativeConsumer,
  OffsetAnswers,
  TopicPartition,
  Watermarks,
} from './node-rdkafka.js';

export interface Offsets {
  readonly low: number;
  readonly high: number;
}

/** A leader that has died is waited for no longer: another one has taken its place by then. */
const LEADER_TIMEOUT_MS = 3_000;

/**
 * With a consumer of committed records `high` lies before what is open; else it is what the next record will get.
 *
 * librdkafka goes on asking the leader that it knows, for minutes: after a failure the next question finds the new one.
 */
export async function offsetsOf(
  client: NativeClient,
  { topic, partition }: TopicPartition,
): Promise<Offsets> {
  try {
    const { lowOffset: low, highOffset: high } = await ask<Watermarks>(topic, (done) =>
      client.queryWatermarkOffsets(topic, partition, LEADER_TIMEOUT_MS, done),
    );
    return { low, high };
  } catch (error) {
    const question = { allTopics: true, timeout: LEADER_TIMEOUT_MS };
    await ask<Metadata>(topic, (done) => client.getMetadata(question, done)).catch(() => undefined);
    throw error;
  }
}

/** Of the consumer's group; null where it has committed none. */
export async function committedOffset(
  consumer: NativeConsumer,
  place: TopicPartition,
): Promise<number | null> {
  const [found] = await ask<OffsetAnswers>(place.topic, (done) =>
    consumer.committed([place], REQUEST_TIMEOUT_MS, done),
  );
  if (found instanceof Error) throw fromRdkafka(found, place.topic);
  return found?.offset === undefined || found.offset < 0 ? null : found.offset;
}

/** Asks for all topics that the user may see: one that is asked for by name and missing is waited for from then on. */
export async function countPartitions(
  client: NativeClient,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const question = { allTopics: true, timeout: REQUEST_TIMEOUT_MS };
  const metadata = await ask<Metadata>('cluster', (done) => client.getMetadata(question, done));
  const wanted = new Set(topics);
  const existing = metadata.topics.filter(
    ({ name, partitions }) => wanted.has(name) && partitions.length > 0,
  );
  return new Map(existing.map(({ name, partitions }) => [name, partitions.length]));
}
