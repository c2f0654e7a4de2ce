import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { DriverMember, KafkaDriver, MemberListener, PlacedRecord } from '../../src/bus/kafka/driver.js';
import { createRdkafkaDriver } from '../../src/bus/kafka/rdkafka/index.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { CLIENT } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';

const PARTITIONS = 4;
const WAIT = { timeout: 15_000, interval: 10 };

/** What a member heard, in order. */
class Heard implements MemberListener {
  readonly owned = new Set<number>();
  readonly revoked: number[][] = [];
  readonly offsets = new Map<number, number[]>();
  readonly failures: Error[] = [];
  release: Promise<void> = Promise.resolve();

  onAssigned(partitions: readonly number[]): void {
    for (const partition of partitions) this.owned.add(partition);
  }
  async onRevoked(partitions: readonly number[]): Promise<void> {
    this.revoked.push([...partitions]);
    for (const partition of partitions) this.owned.delete(partition);
    await this.release;
  }
  onRecords(partition: number, records: readonly { readonly offset: number }[]): void {
    const before = this.offsets.get(partition) ?? [];
    this.offsets.set(partition, [...before, ...records.map(({ offset }) => offset)]);
  }
  onFailed(error: Error): void {
    this.failures.push(error);
  }
  owns(count: number): Promise<void> {
    return vi.waitFor(() => expect(this.owned.size).toBe(count), WAIT);
  }
}

describeWith(['kafka', 'rdkafka'], 'the node-rdkafka driver', () => {
  let broker: KafkaBroker;
  let driver: KafkaDriver;
  let calls: string;
  let results: string;
  let group: string;
  const members: DriverMember[] = [];

  beforeAll(async () => {
    broker = await startBroker();
    driver = await createRdkafkaDriver({ ...CLIENT, brokers: [broker.bootstrap] });
    await driver.connect();
  });
  afterAll(async () => {
    await driver?.close();
    await broker?.stop();
  });
  afterEach(async () => {
    await Promise.all(members.splice(0).map((member) => member.close()));
  });

  const join = async (instanceId: string | null = null) => {
    const heard = new Heard();
    const member = await driver.join({ group, topic: calls, instanceId }, heard);
    members.push(member);
    return { member, heard };
  };
  const record = (topic: string, partition: number, value: Buffer): PlacedRecord => {
    return { topic, partition, key: 'k', value, headers: {} };
  };
  const fill = async (perPartition: number): Promise<void> => {
    const producer = await driver.createProducer();
    const count = perPartition * PARTITIONS;
    const records = Array.from({ length: count }, (_, n) => record(calls, n % PARTITIONS, Buffer.from('x')));
    const positions = await producer.send(records);
    expect(positions[count - 1]).toEqual({ partition: PARTITIONS - 1, offset: perPartition - 1 });
    await producer.close();
  };
  const freshTopics = async (settings: Record<string, string> = {}): Promise<void> => {
    const id = randomUUID();
    [calls, results, group] = [`calls-${id}`, `results-${id}`, `group-${id}`];
    await broker.admin.createTopics([
      { name: calls, partitions: PARTITIONS },
      { name: results, partitions: PARTITIONS, settings },
    ]);
  };

  it('answers questions about topics', async () => {
    await freshTopics();
    expect(await driver.partitionCounts([calls, 'nowhere'])).toEqual(new Map([[calls, PARTITIONS]]));
    expect(await driver.offsets(calls, 0)).toEqual({ low: 0, high: 0 });
    expect(await driver.committed(group, calls, 0)).toBeNull();
  });

  it('fetches nothing before it is told where to start, and exactly from there, also after a pause', async () => {
    await freshTopics();
    await fill(500);
    const { member, heard } = await join();
    await heard.owns(PARTITIONS);
    member.seek(2, 100);
    member.pause(2);
    member.seek(1, 400);
    await vi.waitFor(() => expect(heard.offsets.get(1)).toHaveLength(100), WAIT);
    member.resume(2);
    await vi.waitFor(() => expect(heard.offsets.get(2)).toHaveLength(400), WAIT);
    expect(heard.offsets.get(1)).toEqual(Array.from({ length: 100 }, (_, index) => 400 + index));
    expect(heard.offsets.get(2)).toEqual(Array.from({ length: 400 }, (_, index) => 100 + index));
    expect([...heard.offsets.keys()].sort()).toEqual([1, 2]);
  });

  it('moves only what must move, and not before its owner has let go', async () => {
    await freshTopics();
    const first = await join();
    await first.heard.owns(PARTITIONS);
    let letGo = (): void => undefined;
    first.heard.release = new Promise((resolve) => {
      letGo = resolve;
    });
    const second = await join();
    await vi.waitFor(() => expect(first.heard.revoked).toHaveLength(1), WAIT);
    expect(first.heard.revoked[0]).toHaveLength(2);
    expect(second.heard.owned.size).toBe(0);
    letGo();
    await second.heard.owns(2);
    expect([...second.heard.owned].sort()).toEqual([...first.heard.revoked[0]!].sort());
    expect(first.heard.revoked).toHaveLength(1);
  });

  it('commits results and offset together, and goes on after a record that the broker refused', async () => {
    await freshTopics({ 'max.message.bytes': '20000' });
    const { member, heard } = await join();
    await heard.owns(PARTITIONS);
    const transactions = await driver.createTransactions(`${group}/1`);
    const step = (nextOffset: number, values: readonly Buffer[]) =>
      transactions.commit({
        records: values.map((value) => record(results, 1, value)),
        group,
        topic: calls,
        partition: 1,
        nextOffset,
        member,
      });
    await step(1, [Buffer.from('one')]);
    await expect(step(2, [Buffer.from('two'), Buffer.alloc(30_000, 1)])).rejects.toMatchObject({
      code: 'UT_BUS_RECORD_TOO_LARGE',
      retriable: false,
    });
    expect(await driver.committed(group, calls, 1)).toBe(1);
    await step(3, [Buffer.from('three')]);
    expect(await driver.committed(group, calls, 1)).toBe(3);
    const values = (await broker.admin.readAll(results)).map(({ value }) => value?.toString());
    expect(values).toEqual(['one', 'three']);
    await transactions.close();
  });

  it('commits through rebalances, as long as the partition stays', async () => {
    await freshTopics();
    const { member, heard } = await join();
    await heard.owns(PARTITIONS);
    let over = false;
    const commits = async (partition: number): Promise<number> => {
      const transactions = await driver.createTransactions(`${group}/${partition}`);
      let nextOffset = 0;
      while (heard.owned.has(partition) && !over) {
        const records = [record(results, partition, Buffer.from(`${nextOffset}`))];
        nextOffset++;
        const step = { records, group, topic: calls, partition, nextOffset, member };
        await transactions.commit(step).catch((error) => {
          if (heard.owned.has(partition)) throw error;
        });
      }
      await transactions.close();
      return nextOffset;
    };
    const committing = [0, 1, 2, 3].map(commits);
    await (await join()).heard.owns(2);
    const third = await join();
    await third.heard.owns(1);
    await third.member.close();
    await heard.owns(2);
    over = true;
    expect(Math.min(...(await Promise.all(committing)))).toBeGreaterThan(0);
  });

  it('fences whoever held the transactional id before, and a member that has gone', async () => {
    await freshTopics();
    const { member, heard } = await join();
    await heard.owns(PARTITIONS);
    const step = {
      records: [record(results, 0, Buffer.from('x'))],
      group,
      topic: calls,
      partition: 0,
      nextOffset: 0,
    };
    const before = await driver.createTransactions(`${group}/0`);
    const after = await driver.createTransactions(`${group}/0`);
    await expect(before.commit({ ...step, member })).rejects.toMatchObject({ code: 'UT_BUS_FENCED' });
    await after.commit({ ...step, member });
    await member.close();
    await expect(after.commit({ ...step, member })).rejects.toMatchObject({ code: 'UT_BUS_FENCED' });
    await Promise.all([before.close(), after.close()]);
  });

  it('keeps the partitions of a static member that comes back, and ends one that was replaced', async () => {
    await freshTopics();
    const [one, two] = [await join('one'), await join('two')];
    await Promise.all([one.heard.owns(2), two.heard.owns(2)]);
    const owned = [...one.heard.owned];
    const revocations = two.heard.revoked.length;
    await one.member.close();
    const again = await join('one');
    await again.heard.owns(2);
    expect([...again.heard.owned].sort()).toEqual(owned.sort());
    expect(two.heard.revoked).toHaveLength(revocations);
    await join('one');
    await vi.waitFor(() => expect(again.heard.failures).toHaveLength(1), WAIT);
    expect(again.heard.failures[0]).toMatchObject({ code: 'UT_BUS_FENCED' });
  });

  it('closes quickly, whatever is under way', async () => {
    await freshTopics();
    const joined = await Promise.all([join(), join(), join()]);
    const sinceMs = performance.now();
    await Promise.all(joined.map(({ member }) => member.close()));
    expect(performance.now() - sinceMs).toBeLessThan(5_000);
  });
});
