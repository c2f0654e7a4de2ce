import { randomUUID } from 'node:crypto';
import type { Bus, PartitionReader } from '../../../bus/index.js';
import type { Clock } from '../../../clock.js';
import { encodeAudioRecord } from '../../../ingest/index.js';

/** The clocks of this machine and of the brokers may be so far apart. */
const CLOCK_SKEW_MS = 10 * 60_000;
const BATCH = 500;

export interface EraseOrder {
  readonly callId: string;
  readonly tenant: string;
  readonly audio: string;
  readonly calls: string;
  readonly timeoutMs: number;
}

export interface Erasure {
  /** The record that orders it, `topic/partition/offset`. It stands, and is carried out sooner or later. */
  readonly order: string;
  /** The tombstone on the calls topic, `topic/partition/offset`; null where none had come in time. */
  readonly tombstone: string | null;
}

/** Writes `call.erased` to the audio log, and waits until a worker has taken back what was published of the call. */
export async function eraseCall(bus: Bus, clock: Clock, order: EraseOrder): Promise<Erasure> {
  const { callId, tenant, audio } = order;
  const timeMs = clock.nowMs();
  const record = { type: 'call.erased', callId, tenant, feedId: `erase-${randomUUID()}` } as const;
  const { partition, offset } = await bus.append(audio, encodeAudioRecord(record, { ordinal: 0, timeMs }));
  const position = `${audio}/${partition}/${offset}`;
  return { order: position, tombstone: await awaitTombstone(bus, clock, order, position) };
}

async function awaitTombstone(
  bus: Bus,
  clock: Clock,
  { callId, calls, timeoutMs }: EraseOrder,
  position: string,
): Promise<string | null> {
  const place = bus.partitionOf(calls, callId);
  let close = async (): Promise<void> => undefined;
  let cancel = (): void => undefined;
  try {
    return await new Promise((resolve, reject) => {
      cancel = clock.setTimer(() => resolve(null), timeoutMs);
      const onAssigned = (reader: PartitionReader): void => {
        if (reader.partition !== place) return;
        tombstoneOf(reader, callId, `/undertone/worker/${position}`).then(resolve, reject);
      };
      const following = bus.follow(calls, clock.nowMs() - CLOCK_SKEW_MS, {
        onAssigned,
        onRevoked: async () => undefined,
      });
      following.catch(reject);
      close = async () => (await following).close();
    });
  } finally {
    cancel();
    await close();
  }
}

/** @param source `ce_source` of what the worker does because of this order; earlier erasures have others */
async function tombstoneOf(reader: PartitionReader, callId: string, source: string): Promise<string | null> {
  for (;;) {
    const records = await reader.read(BATCH);
    if (records.length === 0) return null;
    const found = records.find(
      ({ key, value, headers }) => key === callId && value === null && headers.ce_source === source,
    );
    if (found !== undefined) return `${found.topic}/${found.partition}/${found.offset}`;
  }
}
