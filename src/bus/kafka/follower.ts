import { UndertoneError } from '../../errors.js';
import type { PartitionListener, Subscription } from '../bus.js';
import type { KafkaDriver } from './driver.js';
import type { LogTail, TailRead } from './log-tail.js';
import { KafkaReader } from './reader.js';

export interface FollowOptions {
  readonly driver: KafkaDriver;
  /** For this follower alone; closed with it. */
  readonly tail: LogTail;
  readonly topic: string;
  readonly partitions: number;
  readonly sinceMs: number;
  readonly readAheadRecords: number;
}

/** Readers of all partitions of a topic, without a group: nothing is committed and nothing moves away. */
export async function follow(options: FollowOptions, listener: PartitionListener): Promise<Subscription> {
  const { tail, topic, partitions, sinceMs } = options;
  await tail.opened();
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const starts = await Promise.all(numbers.map((partition) => tail.offsetSince(topic, partition, sinceMs)));
  const readers = numbers.map((partition) => beginReader(options, partition, starts[partition]!));
  for (const reader of readers) listener.onAssigned(reader);
  return {
    async close() {
      for (const reader of readers) reader.stop();
      await Promise.allSettled(numbers.map((partition) => listener.onRevoked(partition)));
      for (const reader of readers) reader.fence();
      await tail.close();
    },
  };
}

function beginReader(options: FollowOptions, partition: number, startOffset: number): KafkaReader {
  const { driver, tail, topic, readAheadRecords } = options;
  const read: TailRead = {
    topic,
    partition,
    next: startOffset,
    onRecords: (records) => reader.offer(records),
    onProgress: (offset) => reader.advance(offset),
  };
  const reader = new KafkaReader(topic, partition, startOffset, readAheadRecords, {
    pause: () => tail.end(read),
    resume: () => tail.begin(read),
    endOffset: async () => (await driver.offsets(topic, partition)).high,
    async commit() {
      throw new UndertoneError('UT_INTERNAL', 'a follower has no offsets to commit.', { place: topic });
    },
  });
  tail.begin(read);
  return reader;
}
