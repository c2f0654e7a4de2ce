import { UndertoneError } from '../../errors.js';
import type { PartitionListener, Subscription } from '../bus.js';
import type { KafkaDriver } from './driver.js';
import type { LogTail, TailRead } from './log-tail.js';
import { KafkaReader, type ReadAheadLimits } from './reader.js';

export interface FollowOptions extends ReadAheadLimits {
  readonly driver: KafkaDriver;
  /** For this follower alone; closed with it, and where it can't begin. */
  readonly tail: LogTail;
  readonly topic: string;
  readonly partitions: number;
  readonly sinceMs: number;
}

/** Readers of all partitions of a topic, without a group: nothing is committed and nothing moves away. */
export async function follow(options: FollowOptions, listener: PartitionListener): Promise<Subscription> {
  const { tail, topic, partitions, sinceMs } = options;
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const since = (partition: number): Promise<number> => tail.offsetSince(topic, partition, sinceMs);
  const starts = await Promise.all(numbers.map(since)).catch(async (error) => {
    await tail.close();
    throw error;
  });
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
  const { driver, tail, topic } = options;
  const read: TailRead = {
    topic,
    partition,
    next: startOffset,
    onRecords: (records) => reader.offer(records),
    onProgress: (offset) => reader.advance(offset),
  };
  const reader = new KafkaReader(topic, partition, startOffset, options, {
    pause: () => tail.end(read),
    resume: () => tail.begin(read),
    endOffset: async () => (await driver.offsets(topic, partition)).high,
    async commit() {
      throw new UndertoneError('UT_INTERNAL', 'a follower has no offsets to commit.', { place: topic });
    },
    abandon: () => tail.end(read),
  });
  tail.begin(read);
  return reader;
}
