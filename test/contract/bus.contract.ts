import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  Bus,
  BusRecord,
  NewRecord,
  PartitionReader,
  ResultRecord,
  TopicSettings,
} from '../../src/bus/index.js';
import { UndertoneError } from '../../src/errors.js';

export interface BusUnderTest {
  readonly bus: Bus;
  /** Releases what the bus was made on; `bus.close()` has been called before. */
  dispose?(): Promise<void>;
}

export interface BusAbilities {
  /** Topics keep to the bounds of their settings, and full ones make appends wait. */
  readonly boundedTopics: boolean;
  /** A partition stays where it is until its owner's `onRevoked` has ended. */
  readonly holdsRevocation: boolean;
}

/** Fresh names for each test: a bus whose topics outlive it starts every test with empty ones. */
let calls = '';
let twin = '';
let testsBegun = 0;

function nameTopics(): void {
  testsBegun++;
  calls = `calls-${testsBegun}`;
  twin = `twin-${testsBegun}`;
}

/** What every bus must do. `makeBus` gives a bus that has not been started, with empty topics of these names. */
export function describeBusContract(
  name: string,
  makeBus: (topics: Record<string, TopicSettings>, maxRecordBytes: number) => Promise<BusUnderTest>,
  abilities: BusAbilities,
): void {
  describe(`${name} keeps the contract of the bus`, () => {
    let underTest: BusUnderTest | undefined;

    const open = async (settings: Partial<TopicSettings> = {}): Promise<Bus> => {
      underTest = await makeBus(
        { [calls]: { ...ROOMY, ...settings }, [twin]: { ...ROOMY, ...settings } },
        4096,
      );
      await underTest.bus.start();
      return underTest.bus;
    };

    beforeEach(nameTopics);

    afterEach(async () => {
      await underTest?.bus.close();
      await underTest?.dispose?.();
      underTest = undefined;
    });

    it('places a key as Kafka does, in topics of equal size alike', async () => {
      const bus = await open();
      const known: [string, number][] = [
        ['21', (-973932308 & 0x7fffffff) % 4],
        ['foobar', (-790332482 & 0x7fffffff) % 4],
        ['abc', 479470107 % 4],
      ];
      for (const [key, partition] of known) {
        expect(bus.partitionOf(calls, key)).toBe(partition);
        expect(bus.partitionOf(twin, key)).toBe(partition);
        expect((await bus.append(calls, text(key, 'x'))).partition).toBe(partition);
      }
    });

    it('counts offsets of a partition from 0 and reads in their order', async () => {
      const bus = await open({ partitions: 1 });
      for (let n = 0; n < 5; n++)
        expect(await bus.append(calls, text('k', `${n}`))).toEqual({ partition: 0, offset: n });
      const member = await Member.join(bus, 'readers');
      const records = await readExactly(await member.reader(0), 5);
      expect(records.map(textOf)).toEqual(['0', '1', '2', '3', '4']);
      expect(records.map((record) => record.offset)).toEqual([0, 1, 2, 3, 4]);
      expect(records[0]).toMatchObject({ topic: calls, key: 'k', partition: 0, headers: { kind: 'test' } });
    });

    it('wakes a pending read with the next record', async () => {
      const bus = await open({ partitions: 1 });
      const member = await Member.join(bus, 'readers');
      const pending = (await member.reader(0)).read(10);
      await bus.append(calls, text('k', 'late'));
      expect((await pending).map(textOf)).toEqual(['late']);
    });

    it('gives at most the number of records asked for', async () => {
      const bus = await open({ partitions: 1 });
      for (let n = 0; n < 5; n++) await bus.append(calls, text('k', `${n}`));
      const reader = await (await Member.join(bus, 'readers')).reader(0);
      expect((await reader.read(2)).length).toBeLessThanOrEqual(2);
    });

    it('carries tombstones', async () => {
      const bus = await open({ partitions: 1 });
      await bus.append(calls, { key: 'k', value: null, headers: {} });
      const reader = await (await Member.join(bus, 'readers')).reader(0);
      expect((await reader.read(1))[0]!.value).toBeNull();
    });

    it('gives every group all records', async () => {
      const bus = await open({ partitions: 1 });
      await bus.append(calls, text('k', 'one'));
      for (const group of ['a', 'b']) {
        const reader = await (await Member.join(bus, group)).reader(0);
        expect((await reader.read(1)).map(textOf)).toEqual(['one']);
      }
    });

    it('shares the partitions among the members of a group', async () => {
      const bus = await open();
      const first = await Member.join(bus, 'workers');
      await first.owns(4);
      const second = await Member.join(bus, 'workers');
      await second.owns(2);
      await first.owns(2);
      expect([...first.partitions, ...second.partitions].sort()).toEqual([0, 1, 2, 3]);
    });

    it.runIf(abilities.holdsRevocation)('hands a partition on only after onRevoked has ended', async () => {
      const bus = await open();
      const first = await Member.join(bus, 'workers');
      await first.owns(4);
      const release = first.holdRevocations();
      const second = new Member();
      const joining = second.subscribe(bus, 'workers');
      await first.revocationBegan;
      expect(second.partitions).toEqual([]);
      release();
      await joining;
      await second.owns(2);
    });

    it('ends the reads of a partition that moves away, and takes a last commit in onRevoked', async () => {
      const bus = await open({ partitions: 1 });
      await bus.append(calls, text('k', 'done'));
      await bus.append(calls, text('k', 'next'));
      const first = await Member.join(bus, 'workers');
      const reader = await first.reader(0);
      expect(await reader.read(1)).toHaveLength(1);
      first.lastWork = () => reader.commit(1);
      await first.leave();
      expect(await reader.read(1)).toEqual([]);
      const reader2 = await (await Member.join(bus, 'workers')).reader(0);
      expect(textOf((await reader2.read(1))[0]!)).toBe('next');
      expect(await failure(reader.commit(2))).toBe('UT_BUS_FENCED');
    });

    it('releases a pending read when its member leaves', async () => {
      const bus = await open({ partitions: 1 });
      const member = await Member.join(bus, 'workers');
      const pending = (await member.reader(0)).read(1);
      await member.leave();
      expect(await pending).toEqual([]);
    });

    it('gives an abandoned partition to its owner anew, however much of it had been read ahead', async () => {
      const bus = await open({ partitions: 1 });
      for (let n = 0; n < 40; n++) await bus.append(calls, text('k', `${n}`));
      const member = await Member.join(bus, 'workers');
      const reader = await member.reader(0);
      await readExactly(reader, 2);
      await reader.commit(1);
      const released = member.owns(0);
      reader.abandon(new Error('it can not go on'));
      expect(await reader.read(1)).toEqual([]);
      expect(await failure(reader.commit(2))).toBe('UT_BUS_FENCED');
      await released;
      const anew = await member.reader(0);
      reader.abandon(new Error('it says so again'));
      expect((await readExactly(anew, 39)).map(textOf).slice(0, 2)).toEqual(['1', '2']);
      await anew.commit(40);
    });

    it('starts again at the committed offset, and reads twice what was not committed', async () => {
      const bus = await open({ partitions: 1 });
      for (const value of ['a', 'b', 'c']) await bus.append(calls, text('k', value));
      const first = await Member.join(bus, 'workers');
      const reader = await first.reader(0);
      await readExactly(reader, 3);
      await reader.commit(1);
      await first.leave();
      const again = await (await Member.join(bus, 'workers')).reader(0);
      expect((await readExactly(again, 2)).map(textOf)).toEqual(['b', 'c']);
    });

    it('gives the partitions of a member that left to those who stay', async () => {
      const bus = await open();
      const first = await Member.join(bus, 'workers');
      const second = await Member.join(bus, 'workers');
      await second.owns(2);
      await second.leave();
      await first.owns(4);
    });

    it('writes results to the partition that was read, whatever their keys, and moves the offset', async () => {
      const bus = await open();
      await bus.append(calls, text('k', 'heard'));
      const partition = bus.partitionOf(calls, 'k');
      const reader = await (await Member.join(bus, 'workers')).reader(partition);
      await readExactly(reader, 1);
      await reader.commit(1, [result('k', 'first'), result('other', 'second')]);
      await reader.commit(1, [result('k', 'third')]);
      const written = await scanned(bus, twin, partition);
      expect(written.map(textOf)).toEqual(['first', 'second', 'third']);
      expect(written.map(({ key }) => key)).toEqual(['k', 'other', 'k']);
      expect(written[0]).toMatchObject({ topic: twin, partition, headers: { kind: 'test' } });
    });

    it('writes none of the results if one is too large, and the reader goes on', async () => {
      const bus = await open({ partitions: 1 });
      await bus.append(calls, text('k', 'heard'));
      const first = await Member.join(bus, 'workers');
      const reader = await first.reader(0);
      await readExactly(reader, 1);
      const large = result('k', 'x'.repeat(4097));
      expect(await failure(reader.commit(1, [result('k', 'small'), large]))).toBe('UT_BUS_RECORD_TOO_LARGE');
      expect(await scanned(bus, twin, 0)).toEqual([]);
      await reader.commit(1, [result('k', 'instead')]);
      expect((await scanned(bus, twin, 0)).map(textOf)).toEqual(['instead']);
      await first.leave();
      await bus.append(calls, text('k', 'later'));
      const again = await (await Member.join(bus, 'workers')).reader(0);
      expect((await again.read(1)).map(textOf)).toEqual(['later']);
    });

    it('refuses a commit beyond what stands in the partition', async () => {
      const bus = await open({ partitions: 1 });
      const reader = await (await Member.join(bus, 'workers')).reader(0);
      expect(await failure(reader.commit(1, [result('k', 'x')]))).toBe('UT_BUS_BAD_OFFSET');
      expect(await scanned(bus, twin, 0)).toEqual([]);
    });

    it('tells how far a partition reaches', async () => {
      const bus = await open({ partitions: 1 });
      for (const value of ['a', 'b']) await bus.append(calls, text('k', value));
      const reader = await (await Member.join(bus, 'workers')).reader(0);
      expect(reader.position).toBe(0);
      expect(await reader.endOffset()).toBe(2);
      await readExactly(reader, 2);
      expect(reader.position).toBe(2);
    });

    it('scans a partition from a time on, again and again', async () => {
      const bus = await open({ partitions: 1 });
      expect(await scanned(bus, calls, 0)).toEqual([]);
      for (const value of ['a', 'b', 'c']) await bus.append(calls, text('k', value));
      const all = await scanned(bus, calls, 0);
      expect(all.map(textOf)).toEqual(['a', 'b', 'c']);
      expect((await scanned(bus, calls, 0, all[0]!.timestampMs)).map(textOf)).toEqual(['a', 'b', 'c']);
      expect(await scanned(bus, calls, 0, all[2]!.timestampMs + 3_600_000)).toEqual([]);
      const twice = await Promise.all([scanned(bus, calls, 0), scanned(bus, calls, 0)]);
      expect(twice.map((records) => records.map(textOf))).toEqual([
        ['a', 'b', 'c'],
        ['a', 'b', 'c'],
      ]);
    });

    it('follows all partitions without a group, until it is closed', async () => {
      const bus = await open();
      await bus.append(calls, text('early', 'before'));
      const follower = new Member();
      const subscription = await bus.follow(calls, Number.NEGATIVE_INFINITY, follower);
      await follower.owns(4);
      const reader = await follower.reader(bus.partitionOf(calls, 'early'));
      expect((await readExactly(reader, 1)).map(textOf)).toEqual(['before']);
      const pending = reader.read(10);
      await bus.append(calls, text('early', 'after'));
      expect((await pending).map(textOf)).toEqual(['after']);
      expect(await failure(reader.commit(1))).toBe('UT_INTERNAL');
      const last = reader.read(10);
      await subscription.close();
      expect(await last).toEqual([]);
    });

    it('refuses an unknown topic', async () => {
      const bus = await open();
      expect(() => bus.partitionCount('nope')).toThrow(/UT_BUS_UNKNOWN_TOPIC.*nope/);
      expect(await failure(bus.append('nope', text('k', 'x')))).toBe('UT_BUS_UNKNOWN_TOPIC');
      expect(await failure(bus.subscribe('nope', 'g', new Member()))).toBe('UT_BUS_UNKNOWN_TOPIC');
    });

    it('refuses a record that is too large', async () => {
      const bus = await open();
      const value = new Uint8Array(4097);
      expect(await failure(bus.append(calls, { key: 'k', value, headers: {} }))).toBe(
        'UT_BUS_RECORD_TOO_LARGE',
      );
    });

    it('refuses work before start and after close, and ends pending reads when it closes', async () => {
      underTest = await makeBus({ [calls]: { ...ROOMY, partitions: 1 } }, 4096);
      const { bus } = underTest;
      expect(await failure(bus.append(calls, text('k', 'x')))).toBe('UT_BUS_CLOSED');
      await bus.start();
      const member = await Member.join(bus, 'workers');
      const pending = (await member.reader(0)).read(1);
      await bus.close();
      expect(await pending).toEqual([]);
      expect(await failure(bus.append(calls, text('k', 'x')))).toBe('UT_BUS_CLOSED');
      expect(await failure(bus.subscribe(calls, 'g', new Member()))).toBe('UT_BUS_CLOSED');
    });

    describe.runIf(abilities.boundedTopics)('with bounded topics', () => {
      it('makes appends to a full partition wait for commits of every group, in order', async () => {
        const bus = await open({ partitions: 1, maxRecordsPerPartition: 2 });
        const slow = await (await Member.join(bus, 'slow')).reader(0);
        const fast = await (await Member.join(bus, 'fast')).reader(0);
        await bus.append(calls, text('k', '0'));
        await bus.append(calls, text('k', '1'));
        await Promise.all([readExactly(slow, 2), readExactly(fast, 2)]);
        const settled: string[] = [];
        const third = bus.append(calls, text('k', '2')).then(() => settled.push('2'));
        const fourth = bus.append(calls, text('k', '3')).then(() => settled.push('3'));
        await fast.commit(2);
        await slow.commit(0);
        expect(settled).toEqual([]);
        await slow.commit(1);
        await third;
        expect(settled).toEqual(['2']);
        await slow.commit(2);
        await fourth;
        expect((await readExactly(slow, 2)).map(textOf)).toEqual(['2', '3']);
      });

      it('bounds a partition by bytes', async () => {
        const bus = await open({ partitions: 1, maxBytesPerPartition: 100 });
        const reader = await (await Member.join(bus, 'workers')).reader(0);
        await bus.append(calls, text('k', 'x'.repeat(70)));
        const pending = bus.append(calls, text('k', 'y'.repeat(70)));
        await readExactly(reader, 1);
        await reader.commit(1);
        expect((await pending).offset).toBe(1);
        expect(await failure(bus.append(calls, text('k', 'z'.repeat(101))))).toBe('UT_BUS_RECORD_TOO_LARGE');
      });

      it('keeps everything while no group has ever joined', async () => {
        const bus = await open({ partitions: 1, maxRecordsPerPartition: 2 });
        await bus.append(calls, text('k', '0'));
        await bus.append(calls, text('k', '1'));
        const reader = await (await Member.join(bus, 'late')).reader(0);
        expect(await readExactly(reader, 2)).toHaveLength(2);
      });

      it('never lets a full partition hold up another', async () => {
        const bus = await open({ maxRecordsPerPartition: 1 });
        const [full, other] = keysOfTwoPartitions(bus);
        await bus.append(calls, text(full, 'fills it'));
        const stuck = failure(bus.append(calls, text(full, 'waits')));
        await bus.append(calls, text(other, 'passes'));
        await bus.close();
        expect(await stuck).toBe('UT_BUS_CLOSED');
      });

      it('drops the oldest where the newest are kept, and readers go on behind the hole', async () => {
        const bus = await open({ partitions: 1, retention: 'newest', maxRecordsPerPartition: 3 });
        const reader = await (await Member.join(bus, 'dashboards')).reader(0);
        for (let n = 0; n < 10; n++) await bus.append(calls, text('k', `${n}`));
        expect((await readExactly(reader, 3)).map(textOf)).toEqual(['7', '8', '9']);
      });
    });
  });
}

const ROOMY: TopicSettings = {
  partitions: 4,
  retention: 'until-committed',
  maxRecordsPerPartition: 1000,
  maxBytesPerPartition: 1_000_000,
};

const text = (key: string, value: string): NewRecord => ({
  key,
  value: new TextEncoder().encode(value),
  headers: { kind: 'test' },
});

/** A result on the other topic. */
const result = (key: string, value: string): ResultRecord => ({ topic: twin, ...text(key, value) });

async function scanned(
  bus: Bus,
  topic: string,
  partition: number,
  sinceMs = Number.NEGATIVE_INFINITY,
): Promise<BusRecord[]> {
  const found: BusRecord[] = [];
  await bus.scan(topic, partition, sinceMs, (records) => void found.push(...records));
  return found;
}

const textOf = (record: BusRecord): string => new TextDecoder().decode(record.value!);

const failure = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing failed',
    (error) => (error instanceof UndertoneError ? error.code : String(error)),
  );

async function readExactly(reader: PartitionReader, count: number): Promise<BusRecord[]> {
  const records: BusRecord[] = [];
  while (records.length < count) {
    const batch = await reader.read(count - records.length);
    if (batch.length === 0) throw new Error(`the reader ended after ${records.length} of ${count} records`);
    records.push(...batch);
  }
  return records;
}

function keysOfTwoPartitions(bus: Bus): [string, string] {
  const keys = Array.from({ length: 50 }, (_, n) => `call-${n}`);
  const other = keys.find((key) => bus.partitionOf(calls, key) !== bus.partitionOf(calls, keys[0]!));
  return [keys[0]!, other!];
}

/** A group member that remembers what it owns, and can be waited for. */
class Member {
  readonly #readers = new Map<number, PartitionReader>();
  readonly #waiting = new Set<() => void>();
  #leave: (() => Promise<void>) | undefined;
  #held: Promise<void> | undefined;
  #began!: () => void;
  readonly revocationBegan = new Promise<void>((resolve) => {
    this.#began = resolve;
  });
  lastWork: (() => Promise<void>) | undefined;

  static async join(bus: Bus, group: string): Promise<Member> {
    const member = new Member();
    await member.subscribe(bus, group);
    return member;
  }

  async subscribe(bus: Bus, group: string): Promise<void> {
    const subscription = await bus.subscribe(calls, group, this);
    this.#leave = () => subscription.close();
  }

  get partitions(): number[] {
    return [...this.#readers.keys()];
  }

  onAssigned(reader: PartitionReader): void {
    this.#readers.set(reader.partition, reader);
    for (const wake of this.#waiting) wake();
  }

  async onRevoked(partition: number): Promise<void> {
    this.#began();
    await this.#held;
    await this.lastWork?.();
    this.#readers.delete(partition);
    for (const wake of this.#waiting) wake();
  }

  /** Keeps `onRevoked` pending until the returned function is called. */
  holdRevocations(): () => void {
    let release!: () => void;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async owns(count: number): Promise<void> {
    await this.#until(() => this.#readers.size === count);
  }

  async reader(partition: number): Promise<PartitionReader> {
    await this.#until(() => this.#readers.has(partition));
    return this.#readers.get(partition)!;
  }

  leave(): Promise<void> {
    return this.#leave!();
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}
