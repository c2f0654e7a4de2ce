import type { ResultRecord } from '../bus.js';
import type { DriverMember, KafkaDriver, PlacedRecord } from './driver.js';

/** How the owner of one partition writes its results and its offset. Making one fences earlier owners, if it can. */
export interface Committer {
  commit(nextOffset: number, results: readonly ResultRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface CommitPlace {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly member: DriverMember;
}

/** Results and offset in one transaction; the transactional id is the partition's, so each owner fences the last. */
export async function createTransactionalCommitter(
  driver: KafkaDriver,
  place: CommitPlace,
): Promise<Committer> {
  const { group, topic, partition } = place;
  const transactions = await driver.createTransactions(`${group}/${topic}/${partition}`);
  return {
    commit: (nextOffset, results) =>
      transactions.commit({
        ...place,
        nextOffset,
        records: results.map((result) => toPlaced(result, partition)),
      }),
    close: () => transactions.close(),
  };
}

/**
 * Topic by topic in the order in which the results name them, then the offset: what lies between two crashes is written
 * again, and a record of a later topic is there only if those of the topics before it are.
 */
export async function createPlainCommitter(driver: KafkaDriver, place: CommitPlace): Promise<Committer> {
  const { partition, member } = place;
  const producer = await driver.createProducer();
  return {
    async commit(nextOffset, results) {
      const placed = results.map((result) => toPlaced(result, partition));
      for (const topic of new Set(placed.map((record) => record.topic))) {
        const outcomes = await producer.send(placed.filter((record) => record.topic === topic));
        for (const outcome of outcomes) if (outcome instanceof Error) throw outcome;
      }
      await member.commit(partition, nextOffset);
    },
    close: () => producer.close(),
  };
}

function toPlaced(result: ResultRecord, partition: number): PlacedRecord {
  return { ...result, partition };
}
