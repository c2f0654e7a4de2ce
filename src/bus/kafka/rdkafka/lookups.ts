import { ask, REQUEST_TIMEOUT_MS } from './client.js';
import { fromRdkafka, isLeaderMoving } from './errors.js';
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
const LEADER_PAUSE_MS = 100;
const LEADER_TRIES = LEADER_TIMEOUT_MS / LEADER_PAUSE_MS;

/**
 * With a consumer of committed records `high` lies before what is open; else it is what the next record will get.
 *
 * librdkafka goes on asking the leader that it knows, for minutes: after a failure it is made to look for the new one. A
 * partition whose leader is being chosen, as that of a topic just made, is asked again until there is one.
 * @param pause between two questions
 */
export async function offsetsOf(
  client: NativeClient,
  place: TopicPartition,
  pause: () => Promise<void> = leaderPause,
): Promise<Offsets> {
  for (let tries = 1; ; tries++) {
    try {
      return await askOffsets(client, place);
    } catch (error) {
      await lookForLeader(client, place.topic);
      if (tries >= LEADER_TRIES || !isLeaderMoving(error)) throw error;
      await pause();
    }
  }
}

const leaderPause = () => new Promise<void>((resolve) => setTimeout(resolve, LEADER_PAUSE_MS));

async function askOffsets(client: NativeClient, { topic, partition }: TopicPartition): Promise<Offsets> {
  const { lowOffset: low, highOffset: high } = await ask<Watermarks>(topic, (done) =>
    client.queryWatermarkOffsets(topic, partition, LEADER_TIMEOUT_MS, done),
  );
  return { low, high };
}

async function lookForLeader(client: NativeClient, topic: string): Promise<void> {
  const question = { allTopics: true, timeout: LEADER_TIMEOUT_MS };
  await ask<Metadata>(topic, (done) => client.getMetadata(question, done)).catch(() => undefined);
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
