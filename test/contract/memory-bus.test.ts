import { expect, it } from 'vitest';
import {
  createMemoryBus,
  type PartitionReader,
  SILENT_BUS_OBSERVER,
  type TopicSettings,
} from '../../src/bus/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { describeBusContract } from './bus.contract.js';

describeBusContract(
  'the memory bus',
  async (topics, maxRecordBytes) => ({
    bus: createMemoryBus({ topics, maxRecordBytes, clock: new ManualClock() }),
  }),
  { boundedTopics: true, holdsRevocation: true },
);

const SMALL: TopicSettings = {
  partitions: 1,
  retention: 'until-committed',
  maxRecordsPerPartition: 2,
  maxBytesPerPartition: 1000,
};
const RECORD = { key: 'k', value: new Uint8Array(10), headers: {} };
const idle = { onAssigned: () => undefined, onRevoked: async () => undefined };

it('tells its observer of waiting, dropping and skipping', async () => {
  const heard: string[] = [];
  const clock = new ManualClock();
  const topics = { calm: SMALL, lossy: { ...SMALL, retention: 'newest' as const } };
  const observer = {
    ...SILENT_BUS_OBSERVER,
    appendWaits: (topic: string) => void heard.push(`waits ${topic}`),
    appended: (topic: string, _: number, bytes: number, waitedMs: number) => {
      if (waitedMs > 0) heard.push(`${topic} ${bytes} bytes after ${waitedMs} ms`);
    },
    dropped: (topic: string, _: number, records: number) => void heard.push(`dropped ${topic} ${records}`),
    skipped: (topic: string, _: number, group: string, records: number) =>
      void heard.push(`skipped ${topic} ${group} ${records}`),
  };
  const bus = createMemoryBus({ topics, clock, observer });
  await bus.start();
  const readers: Record<string, PartitionReader> = {};
  const listener = {
    ...idle,
    onAssigned: (reader: PartitionReader) => {
      readers[reader.topic] = reader;
    },
  };
  await bus.subscribe('calm', 'g', listener);
  await bus.subscribe('lossy', 'g', listener);

  await bus.append('calm', RECORD);
  await bus.append('calm', RECORD);
  const third = bus.append('calm', RECORD);
  expect(bus.usage()[0]).toEqual({ topic: 'calm', partition: 0, records: 2, bytes: 22, waitingAppends: 1 });
  clock.advance(250);
  await readers.calm!.commit(1);
  await third;
  for (let n = 0; n < 3; n++) await bus.append('lossy', RECORD);
  await readers.lossy!.read(10);
  expect(heard).toEqual(['waits calm', 'calm 11 bytes after 250 ms', 'dropped lossy 1', 'skipped lossy g 1']);
  await bus.close();
});

it('holds no more memory for a record that it keeps than it counts', async () => {
  const kept = { ...SMALL, retention: 'newest' as const };
  const bus = createMemoryBus({ topics: { kept }, clock: new ManualClock() });
  await bus.start();
  let reader: PartitionReader | undefined;
  const onAssigned = (assigned: PartitionReader): void => {
    reader = assigned;
  };
  await bus.subscribe('kept', 'g', { ...idle, onAssigned });
  const small = Buffer.from('of a slab that many share');
  expect(small.buffer.byteLength).toBeGreaterThan(small.byteLength);
  await bus.append('kept', { ...RECORD, value: small });
  const value = (await reader!.read(1))[0]!.value!;
  expect(value.buffer.byteLength).toBe(small.byteLength);
  expect(Buffer.from(value).toString()).toBe('of a slab that many share');
  await bus.close();
});

it('moves a partition on even if its listener fails', async () => {
  const failures: unknown[] = [];
  const observer = {
    ...SILENT_BUS_OBSERVER,
    listenerFailed: (...args: unknown[]) => void failures.push(args.slice(0, 3)),
  };
  const bus = createMemoryBus({ topics: { calm: SMALL }, clock: new ManualClock(), observer });
  await bus.start();
  const failing = { ...idle, onRevoked: async () => Promise.reject(new Error('broken')) };
  const first = await bus.subscribe('calm', 'g', failing);
  await first.close();
  let assigned = 0;
  await bus.subscribe('calm', 'g', { ...idle, onAssigned: () => void assigned++ });
  expect(failures).toEqual([['calm', 0, 'g']]);
  expect(assigned).toBe(1);
  await bus.close();
});

it('refuses a commit beyond the end', async () => {
  const bus = createMemoryBus({ topics: { calm: SMALL }, clock: new ManualClock() });
  await bus.start();
  const refused = new Promise((resolve) => {
    const onAssigned = (reader: PartitionReader): void => {
      reader.commit(1).catch(resolve);
    };
    bus.subscribe('calm', 'g', { ...idle, onAssigned }).catch(resolve);
  });
  expect(await refused).toMatchObject({ code: 'UT_BUS_BAD_OFFSET' });
  await bus.close();
});

it('stays within its bounds over many records', async () => {
  const topics = { calm: { ...SMALL, maxRecordsPerPartition: 50, maxBytesPerPartition: 100_000 } };
  const bus = createMemoryBus({ topics, clock: new ManualClock() });
  await bus.start();
  let seen = 0;
  const total = 5000;
  const consumed = new Promise<void>((resolve, reject) => {
    const consume = async (reader: PartitionReader): Promise<void> => {
      while (seen < total) {
        for (const record of await reader.read(7)) expect(record.offset).toBe(seen++);
        await reader.commit(seen);
        expect(bus.usage()[0]!.records).toBeLessThanOrEqual(50);
      }
      resolve();
    };
    bus
      .subscribe('calm', 'g', { ...idle, onAssigned: (reader) => void consume(reader).catch(reject) })
      .catch(reject);
  });
  for (let n = 0; n < total; n++) await bus.append('calm', RECORD);
  await consumed;
  expect(bus.usage()[0]).toMatchObject({ records: 0, bytes: 0 });
  await bus.close();
});
