import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { UndertoneError } from '../../errors.js';
import type { PartitionReader } from '../bus.js';
import type { DriverMember, KafkaDriver, MemberListener } from './driver.js';
import { Membership } from './membership.js';
import { SILENT_KAFKA_OBSERVER } from './observer.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const READER = expect.objectContaining({ partition: 0 });

/** A membership on a driver that fences (`taken`) without delay, and what its listener is told. */
async function setUp() {
  const clock = new ManualClock();
  const taken: string[] = [];
  const closed: string[] = [];
  const fenced: boolean[] = [];
  let commits = async (): Promise<void> => undefined;
  const readers: PartitionReader[] = [];
  let driverSide!: MemberListener;
  let rejoin: Promise<void> = Promise.resolve();
  let onRevoked = async (): Promise<void> => undefined;
  const member = { seek: () => undefined, close: async () => undefined };
  const driver: Partial<KafkaDriver> = {
    join: async (_, listener) => {
      driverSide = listener;
      await rejoin;
      return member as Partial<DriverMember> as DriverMember;
    },
    createTransactions: async (id) => {
      taken.push(id);
      return { commit: () => commits(), close: async () => void closed.push(id) };
    },
    committed: async () => null,
    offsets: async () => ({ low: 0, high: 0 }),
  };
  const options = {
    driver: driver as KafkaDriver,
    group: 'g',
    topic: 't',
    instanceId: null,
    transactions: true,
    readAheadRecords: 10,
    readAheadBytes: 1_000,
    maxRecordBytes: 1_000,
    drainTimeoutMs: 500,
    fencedPauseMs: 3_000,
    clock,
    observer: { ...SILENT_KAFKA_OBSERVER, fenced: () => void fenced.push(true) },
  };
  await Membership.join(options, {
    onAssigned: (reader) => void readers.push(reader),
    onRevoked: () => onRevoked(),
  });
  return {
    clock,
    taken,
    closed,
    fenced,
    readers,
    driverSide: () => driverSide,
    holdRejoin: (until: Promise<void>) => {
      rejoin = until;
    },
    holdCommits: (until: Promise<void>) => {
      commits = () => until;
    },
    onRevoked: (act: () => Promise<void>) => {
      onRevoked = act;
    },
  };
}

test('an abandoned partition is taken over anew after pauses that grow while it is abandoned young', async () => {
  const { clock, readers, driverSide } = await setUp();
  driverSide().onAssigned([0]);
  await settle();
  for (const pauseMs of [200, 400, 800]) {
    const before = readers.length;
    readers.at(-1)!.abandon(new Error('the model is gone'));
    await settle();
    clock.advance(pauseMs - 1);
    await settle();
    expect(readers).toHaveLength(before);
    clock.advance(1);
    await settle();
    expect(readers).toHaveLength(before + 1);
  }
  clock.advance(30_000);
  readers.at(-1)!.abandon(new Error('the model is gone'));
  await settle();
  clock.advance(200);
  await settle();
  expect(readers).toHaveLength(5);
});

test('what has moved away is not taken over anew when its reader is abandoned', async () => {
  const { clock, readers, taken, fenced, driverSide } = await setUp();
  driverSide().onAssigned([0]);
  await settle();
  await driverSide().onRevoked([0]);
  readers[0]!.abandon(new UndertoneError('UT_BUS_FENCED', 'a commit said so.'));
  clock.advance(10_000);
  await settle();
  expect(taken).toEqual(['g/t/0']);
  expect(fenced).toEqual([]);
});

test('a partition that was lost before it could be taken over fences nobody', async () => {
  const { clock, taken, driverSide, holdRejoin } = await setUp();
  let joined!: () => void;
  holdRejoin(new Promise((resolve) => (joined = resolve)));
  driverSide().onFailed(new Error('the client gave up'));
  await settle();
  driverSide().onAssigned([0]);
  await settle();
  const lost = driverSide().onRevoked([0]);
  joined();
  await lost;
  clock.advance(10_000);
  await settle();
  expect(taken).toEqual([]);
});

test('the next reader comes when the last one was let go, or had its time for that and is fenced', async () => {
  const { clock, readers, driverSide, onRevoked } = await setUp();
  onRevoked(() => new Promise(() => undefined));
  driverSide().onAssigned([0]);
  await settle();
  void driverSide().onRevoked([0]);
  driverSide().onAssigned([0]);
  await settle();
  clock.advance(499);
  await settle();
  await readers[0]!.commit(0);
  expect(readers).toEqual([READER]);
  clock.advance(1);
  await settle();
  expect(readers).toEqual([READER, READER]);
  await expect(readers[0]!.commit(0)).rejects.toMatchObject({ code: 'UT_BUS_FENCED' });
});

test('a client is not closed under a commit that its listener did not wait for', async () => {
  const { readers, closed, driverSide, holdCommits } = await setUp();
  driverSide().onAssigned([0]);
  await settle();
  let answer!: () => void;
  holdCommits(new Promise((resolve) => (answer = resolve)));
  const committed = readers[0]!.commit(0);
  const revoked = driverSide().onRevoked([0]);
  await settle();
  expect(closed).toEqual([]);
  answer();
  await Promise.all([committed, revoked]);
  expect(closed).toEqual(['g/t/0']);
});
