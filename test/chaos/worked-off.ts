import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaAdmin } from '../support/servers/kafka-admin.js';

const POLL_MS = 500;

/** Records of each partition that a group has not dealt with for good. */
export async function lagOf(admin: KafkaAdmin, group: string, topic: string): Promise<readonly number[]> {
  return admin.with(async (client) => {
    const ends = await client.fetchTopicOffsets(topic);
    const [committed] = await client.fetchOffsets({ groupId: group, topics: [topic] });
    const done = new Map(committed!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends
      .sort((a, b) => a.partition - b.partition)
      .map(({ partition, high }) => Number(high) - Math.max(0, done.get(partition) ?? 0));
  });
}

/** Waits until a group has nothing more to do. @returns what is left where it makes no progress for so long */
export async function workedOff(
  admin: KafkaAdmin,
  group: string,
  topic: string,
  patienceMs: number,
): Promise<readonly number[] | null> {
  let least = Number.POSITIVE_INFINITY;
  for (let progressAt = Date.now(); ; await sleep(POLL_MS)) {
    const lag = await lagOf(admin, group, topic);
    const left = lag.reduce((sum, records) => sum + records, 0);
    if (left === 0) return null;
    if (left < least) progressAt = Date.now();
    least = Math.min(least, left);
    if (Date.now() - progressAt > patienceMs) return lag;
  }
}
