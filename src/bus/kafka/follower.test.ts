import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.js';
import type { DriverTail, KafkaDriver } from './driver.js';
import { follow } from './follower.js';
import { LogTail } from './log-tail.js';

test('a follower that cannot begin leaves no tail behind', async () => {
  let closed = 0;
  const tail: Partial<DriverTail> = {
    offsetSince: async (_, partition) => {
      if (partition === 1) throw new Error('its leader is away');
      return 0;
    },
    close: async () => void closed++,
  };
  const driver = { createTail: async () => tail } as Partial<KafkaDriver> as KafkaDriver;
  const options = {
    driver,
    tail: new LogTail(driver, ['calls'], new ManualClock(), () => undefined),
    topic: 'calls',
    partitions: 2,
    sinceMs: 0,
    readAheadRecords: 10,
    readAheadBytes: 1_000,
  };
  const nobody = { onAssigned: () => expect.fail(), onRevoked: async () => undefined };
  await expect(follow(options, nobody)).rejects.toThrow('its leader is away');
  expect(closed).toBe(1);
});
