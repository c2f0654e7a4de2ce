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

test('offsets are found with the new leader of a partition once the old one has refused', async () => {
  const client = clientWithOldLeader(true);
  await expect(offsetsOf(client, PLACE)).rejects.toMatchObject({ retriable: true });
  expect(await offsetsOf(client, PLACE)).toEqual({ low: 2, high: 9 });
});

test('says why the offsets were not found, not why the leader was not', async () => {
  await expect(offsetsOf(clientWithOldLeader(false), PLACE)).rejects.toMatchObject({ cause: NOT_LEADER });
});
