import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import { type Bus, type BusRecord, createMemoryBus } from '../../../bus/index.js';
import { decodeAudioRecord } from '../../../ingest/index.js';
import { eraseCall } from './erase.js';

const kept = {
  partitions: 3,
  retention: 'newest',
  maxRecordsPerPartition: 1000,
  maxBytesPerPartition: 1e6,
} as const;
const ORDER = { callId: 'CA1', tenant: 'acme', audio: 'audio', calls: 'calls', timeoutMs: 5000 };

let clock: ManualClock;
let bus: Bus;
beforeEach(async () => {
  clock = new ManualClock();
  bus = createMemoryBus({ topics: { audio: kept, calls: kept }, clock });
  await bus.start();
});
afterEach(() => bus.close());

/** Waits for the order, as the worker that owns the call's partition would read it. */
async function orderOf(callId: string): Promise<BusRecord> {
  const partition = bus.partitionOf('audio', callId);
  for (;;) {
    const records: BusRecord[] = [];
    await bus.scan('audio', partition, Number.NEGATIVE_INFINITY, (some) => void records.push(...some));
    if (records[0] !== undefined) return records[0];
  }
}

const tombstone = (callId: string, { partition, offset }: { partition: number; offset: number }) => ({
  key: callId,
  value: null,
  headers: { ce_source: `/undertone/worker/audio/${partition}/${offset}` },
});

test('writes the order, and is done when the tombstone that answers it stands', async () => {
  const erasing = eraseCall(bus, clock, ORDER);
  const order = await orderOf('CA1');
  expect(decodeAudioRecord(order)).toMatchObject({ type: 'call.erased', callId: 'CA1', tenant: 'acme' });
  // Neither an older erasure of the call, nor that of another, is an answer.
  await bus.append('calls', tombstone('CA1', { partition: order.partition, offset: 99 }));
  await bus.append('calls', tombstone('CA2', order));
  await bus.append('calls', tombstone('CA1', order));
  const { partition } = order;
  expect(await erasing).toEqual({
    order: `audio/${partition}/0`,
    tombstone: expect.stringMatching(new RegExp(`^calls/${partition}/[12]$`)),
  });
  expect(clock.pendingTimers).toBe(0);
});

test('says so where no worker answers in time; the order stands', async () => {
  const erasing = eraseCall(bus, clock, ORDER);
  await orderOf('CA1');
  while (clock.pendingTimers === 0) await Promise.resolve();
  clock.advance(5000);
  expect(await erasing).toEqual({ order: expect.stringMatching(/^audio\/\d\/0$/), tombstone: null });
});

test('a bus that closes under it ends it', async () => {
  const erasing = eraseCall(bus, clock, ORDER);
  await orderOf('CA1');
  while (clock.pendingTimers === 0) await Promise.resolve();
  await bus.close();
  expect((await erasing).tombstone).toBeNull();
});
