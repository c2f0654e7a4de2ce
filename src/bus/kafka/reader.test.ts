import { expect, test } from 'vitest';
import type { BusRecord } from '../bus.js';
import { KafkaReader } from './reader.js';

const records = (from: number, to: number): BusRecord[] =>
  Array.from({ length: to - from }, (_, n) => {
    const offset = from + n;
    return { topic: 't', partition: 0, offset, timestampMs: 0, key: 'k', value: null, headers: {} };
  });

function setUp(readAheadRecords = 10, readAheadBytes = 1_000_000) {
  const heard: string[] = [];
  const feed = {
    pause: () => void heard.push('pause'),
    resume: () => void heard.push('resume'),
    endOffset: async () => 100,
    commit: async (nextOffset: number) => void heard.push(`commit ${nextOffset}`),
    abandon: (error: unknown) => void heard.push(`abandon: ${error}`),
  };
  return { heard, reader: new KafkaReader('t', 0, 5, { readAheadRecords, readAheadBytes }, feed) };
}

test('gives what was offered, in order, never more than was asked for', async () => {
  const { reader } = setUp();
  reader.offer(records(5, 8));
  reader.offer(records(8, 9));
  expect((await reader.read(2)).map(({ offset }) => offset)).toEqual([5, 6]);
  expect(reader.position).toBe(7);
  expect((await reader.read(2)).map(({ offset }) => offset)).toEqual([7]);
  expect((await reader.read(2)).map(({ offset }) => offset)).toEqual([8]);
});

test('pauses its feed at the bound and goes on below half of it', async () => {
  const { reader, heard } = setUp(4);
  reader.offer(records(5, 8));
  expect(heard).toEqual([]);
  reader.offer(records(8, 11));
  expect(heard).toEqual(['pause']);
  await reader.read(3);
  expect(heard).toEqual(['pause']);
  await reader.read(2);
  expect(heard).toEqual(['pause', 'resume']);
});

test('pauses at the bound of bytes, however few the records', async () => {
  const { reader, heard } = setUp(1_000, 100);
  const [first, ...others] = records(5, 9).map((record) => ({ ...record, value: new Uint8Array(40) }));
  reader.offer([first!]);
  expect(heard).toEqual([]);
  reader.offer(others);
  expect(heard).toEqual(['pause']);
  await reader.read(1);
  await reader.read(2);
  expect(heard).toEqual(['pause']);
  await reader.read(1);
  expect(heard).toEqual(['pause', 'resume']);
});

test('an abandoned reader neither reads nor commits, and its feed hears why', async () => {
  const { reader, heard } = setUp();
  const pending = reader.read(1);
  reader.abandon(new Error('the model is gone'));
  expect(await pending).toEqual([]);
  await expect(reader.commit(5)).rejects.toMatchObject({ code: 'UT_BUS_FENCED' });
  expect(heard).toEqual(['abandon: Error: the model is gone']);
});

test('its position passes what is invisible only when everything before was read', async () => {
  const { reader } = setUp();
  reader.offer(records(5, 6));
  reader.advance(9);
  expect(reader.position).toBe(5);
  await reader.read(1);
  reader.advance(9);
  expect(reader.position).toBe(9);
});

test('a stopped reader reads no more but commits; a fenced one does neither', async () => {
  const { reader, heard } = setUp();
  const pending = reader.read(1);
  reader.stop();
  expect(await pending).toEqual([]);
  await reader.commit(5);
  expect(heard).toEqual(['commit 5']);
  reader.fence();
  await expect(reader.commit(5)).rejects.toMatchObject({ code: 'UT_BUS_FENCED' });
  reader.offer(records(5, 6));
  expect(await reader.read(1)).toEqual([]);
});

test('refuses a second read at once, and a commit beyond what was read', async () => {
  const { reader } = setUp();
  void reader.read(1);
  await expect(reader.read(1)).rejects.toMatchObject({ code: 'UT_INTERNAL' });
  await expect(reader.commit(6)).rejects.toMatchObject({ code: 'UT_BUS_BAD_OFFSET' });
});
