import { expect, test } from 'vitest';
import { textResult } from '../../../test/support/bus-readings.js';
import { createPlainCommitter } from './committer.js';
import type { DriverMember, DriverProducer, KafkaDriver, PlacedRecord } from './driver.js';

function setUp() {
  const heard: string[] = [];
  const answers: (() => void)[] = [];
  const producer: DriverProducer = {
    send: (records: readonly PlacedRecord[]) => {
      heard.push(records.map(({ topic, partition, key }) => `${topic}/${partition} ${key}`).join(', '));
      return new Promise((resolve) => answers.push(() => resolve([])));
    },
    close: async () => undefined,
  };
  const commit = async (partition: number, nextOffset: number) =>
    void heard.push(`offset ${partition} ${nextOffset}`);
  const driver = { createProducer: async () => producer } as Partial<KafkaDriver> as KafkaDriver;
  const member = { commit } as Partial<DriverMember> as DriverMember;
  return { heard, answers, place: { group: 'g', topic: 'audio', partition: 3, member }, driver };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('without transactions topics are written one after the other as the results name them, the offset last', async () => {
  const { heard, answers, place, driver } = setUp();
  const committer = await createPlainCommitter(driver, place);
  const results = [
    textResult('points', 'a', '1'),
    textResult('calls', 'b', '2'),
    textResult('points', 'c', '3'),
  ];
  const committed = committer.commit(7, results);
  await settle();
  expect(heard).toEqual(['points/3 a, points/3 c']);
  answers[0]!();
  await settle();
  expect(heard.slice(1)).toEqual(['calls/3 b']);
  answers[1]!();
  await committed;
  expect(heard.slice(2)).toEqual(['offset 3 7']);
});

test('without results only the offset is committed', async () => {
  const { heard, place, driver } = setUp();
  await (await createPlainCommitter(driver, place)).commit(7, []);
  expect(heard).toEqual(['offset 3 7']);
});
