import { expect, test } from 'vitest';
import { offsetsOf } from './lookups.js';
import type { NativeClient } from './node-rdkafka.js';

const NOT_LEADER = Object.assign(new Error('Broker: Not leader for partition'), { code: 6 });
const PLACE = { topic: 'audio', partition: 3 };

/** A client that knows a leader which is none any more, until it has asked for metadata. */
function clientWithOldLeader(canAsk: boolean): NativeClient {
  let knowsLeader = false;
  const client: Partial<NativeClient> = {
    queryWatermarkOffsets(_topic, _partition, _timeoutMs, done) {
      if (knowsLeader) done(null, { lowOffset: 2, highOffset: 9 });
      else done(NOT_LEADER as never, undefined as never);
    },
    getMetadata(_question, done) {
      knowsLeader = canAsk;
      if (canAsk) done(null, { topics: [] } as never);
      else done(NOT_LEADER as never, undefined as never);
    },
  };
  return client as NativeClient;
}

const atOnce = async () => undefined;

test('offsets are found with the new leader of a partition once the old one has refused', async () => {
  expect(await offsetsOf(clientWithOldLeader(true), PLACE, atOnce)).toEqual({ low: 2, high: 9 });
});

test('a leader that is not found is not waited for without end; what is said is why the offsets were not found', async () => {
  let pauses = 0;
  const pause = async () => {
    pauses++;
  };
  const asked = offsetsOf(clientWithOldLeader(false), PLACE, pause);
  await expect(asked).rejects.toMatchObject({ cause: NOT_LEADER, retriable: true });
  expect(pauses).toBeGreaterThan(1);
  expect(pauses).toBeLessThan(100);
});

test('another failure is said at once', async () => {
  const refused = Object.assign(new Error('Broker: Topic authorization failed'), { code: 29 });
  const client: Partial<NativeClient> = {
    queryWatermarkOffsets: (_topic, _partition, _timeoutMs, done) =>
      done(refused as never, undefined as never),
    getMetadata: (_question, done) => done(null, { topics: [] } as never),
  };
  const never = async () => {
    throw new Error('it paused');
  };
  await expect(offsetsOf(client as NativeClient, PLACE, never)).rejects.toMatchObject({ cause: refused });
});
