import type { Kafka, ProducerBatch, RecordMetadata } from 'kafkajs';
import { expect, test } from 'vitest';
import type { PlacedRecord } from '../driver.js';
import { KafkajsProducer } from './producer.js';

const record = (key: string, partition: number, topic = 't'): PlacedRecord => {
  return { topic, partition, key, value: null, headers: {} };
};

/** A client whose sends are answered one after the other: the first offset of each partition that is answered for. */
async function setUp(...answers: readonly Readonly<Record<string, number>>[]) {
  const sent: string[][] = [];
  let spent = 0;
  const client = {
    producer: () => ({
      connect: async () => undefined,
      disconnect: async () => void spent++,
      sendBatch: async ({ topicMessages = [] }: ProducerBatch): Promise<RecordMetadata[]> => {
        sent.push(topicMessages.flatMap(({ messages }) => messages.map(({ key }) => String(key))));
        return Object.entries(answers[sent.length - 1]!).map(([place, baseOffset]) => {
          const [topicName = '', partition] = place.split('/');
          return { topicName, partition: Number(partition), errorCode: 0, baseOffset: String(baseOffset) };
        });
      },
    }),
  } as unknown as Kafka;
  const producer = new KafkajsProducer(client);
  await producer.connect();
  return { producer, sent, spent: () => spent };
}

test('sends again what no broker answered for, as when a partition has moved to one that answered already', async () => {
  const { producer, sent } = await setUp({ 't/0': 7, 'u/1': 1 }, { 't/1': 4 });
  const records = [record('a', 0), record('b', 1), record('c', 0), record('d', 1), record('e', 1, 'u')];
  expect(await producer.send(records)).toEqual([
    { partition: 0, offset: 7 },
    { partition: 1, offset: 4 },
    { partition: 0, offset: 8 },
    { partition: 1, offset: 5 },
    { partition: 1, offset: 1 },
  ]);
  expect(sent).toEqual([
    ['a', 'b', 'c', 'd', 'e'],
    ['b', 'd'],
  ]);
});

test('fails where nothing more is answered, and is made anew', async () => {
  const { producer, sent, spent } = await setUp({ 't/0': 0 }, {});
  await expect(producer.send([record('a', 0), record('b', 1)])).rejects.toMatchObject({
    code: 'UT_KAFKA_FAILED',
    place: 't/1',
    retriable: true,
  });
  expect(sent).toEqual([['a', 'b'], ['b']]);
  expect(spent()).toBe(1);
});
