import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { UndertoneError } from '../../errors.js';
import { Appender, type AppenderLimits } from './appender.js';
import type { DriverProducer, PlacedRecord } from './driver.js';
import { SILENT_KAFKA_OBSERVER } from './observer.js';

const LIMITS: AppenderLimits = {
  lingerMs: 5,
  maxBufferedRecords: 4,
  maxBufferedBytes: 1_000,
  maxRecordBytes: 100,
};

const record = (name: string, partition = 0): PlacedRecord => {
  return { topic: 't', partition, key: name, value: null, headers: {} };
};

/** A producer whose sends end when they are told to. */
function setUp(limits: Partial<AppenderLimits> = {}) {
  const clock = new ManualClock();
  const sends: { keys: string[]; answer: () => void; refuse: (error: unknown) => void }[] = [];
  let offset = 0;
  const producer = {
    send: (records: readonly PlacedRecord[]) =>
      new Promise<{ partition: number; offset: number }[]>((resolve, reject) => {
        const answer = () => resolve(records.map(({ partition }) => ({ partition, offset: offset++ })));
        sends.push({ keys: records.map(({ key }) => key), answer, refuse: reject });
      }),
    close: async () => undefined,
  };
  const waits: string[] = [];
  const observer = { ...SILENT_KAFKA_OBSERVER, appendWaits: (topic: string) => void waits.push(topic) };
  return { clock, sends, waits, appender: new Appender(producer, { ...LIMITS, ...limits }, clock, observer) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('gathers for the linger, then sends what came meanwhile as soon as the last batch is answered', async () => {
  const { clock, sends, appender } = setUp();
  const first = [appender.append(record('a'), 10), appender.append(record('b'), 10)];
  expect(sends).toEqual([]);
  clock.advance(5);
  expect(sends.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  const third = appender.append(record('c'), 10);
  clock.advance(100);
  expect(sends).toHaveLength(1);
  sends[0]!.answer();
  expect(await Promise.all(first)).toEqual([
    { partition: 0, offset: 0 },
    { partition: 0, offset: 1 },
  ]);
  await settle();
  expect(sends[1]!.keys).toEqual(['c']);
  sends[1]!.answer();
  expect(await third).toEqual({ partition: 0, offset: 2 });
});

test('what came while a batch was under way waits out its own linger', async () => {
  const { clock, sends, appender } = setUp();
  void appender.append(record('a'), 10);
  clock.advance(5);
  void appender.append(record('b'), 10);
  clock.advance(1);
  sends[0]!.answer();
  await settle();
  expect(sends).toHaveLength(1);
  void appender.append(record('c'), 10);
  clock.advance(4);
  expect(sends.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']]);
});

test('nobody who waits for room waits for a linger', async () => {
  const { sends, appender } = setUp({ maxBufferedRecords: 1 });
  void appender.append(record('a'), 10);
  expect(sends).toEqual([]);
  void appender.append(record('b'), 10);
  expect(sends.map(({ keys }) => keys)).toEqual([['a']]);
});

test('what does not fit waits for room, in order', async () => {
  const { clock, sends, waits, appender } = setUp({ maxBufferedRecords: 2 });
  const appends = ['a', 'b', 'c', 'd', 'e'].map((name) => appender.append(record(name), 10));
  expect(appender.usage).toEqual({ records: 2, bytes: 20, waitingAppends: 3 });
  expect(waits).toHaveLength(3);
  clock.advance(5);
  for (let n = 0; n < 3; n++) {
    sends[n]!.answer();
    await settle();
  }
  expect(sends.flatMap(({ keys }) => keys)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect((await Promise.all(appends)).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
  expect(appender.usage).toEqual({ records: 0, bytes: 0, waitingAppends: 0 });
});

test('a batch holds no more of one partition than the broker takes as one', async () => {
  const { clock, sends, appender } = setUp({ maxBufferedRecords: 10 });
  for (const name of ['a', 'b', 'c']) void appender.append(record(name), 60);
  void appender.append(record('other', 1), 60);
  clock.advance(5);
  for (let n = 0; n < 3; n++) {
    sends[n]!.answer();
    await settle();
  }
  expect(sends.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c', 'other']]);
});

test('a record that is too large fails alone', async () => {
  const { clock, sends, appender } = setUp();
  const outcomes = ['a', 'b', 'c'].map((name) =>
    appender.append(record(name), 10).then(
      () => 'ok',
      (error) => error.code,
    ),
  );
  clock.advance(5);
  for (let n = 0; n < sends.length; n++) {
    const { keys, answer, refuse } = sends[n]!;
    if (keys.includes('b')) refuse(new UndertoneError('UT_BUS_RECORD_TOO_LARGE', 'it is.'));
    else answer();
    await settle();
  }
  expect(await Promise.all(outcomes)).toEqual(['ok', 'UT_BUS_RECORD_TOO_LARGE', 'ok']);
});

test('of a batch that was refused in part, what stands in the log is not sent again', async () => {
  const sent: string[][] = [];
  const tooLarge = new UndertoneError('UT_BUS_RECORD_TOO_LARGE', 'it is.');
  const producer: DriverProducer = {
    send: async (records) => {
      sent.push(records.map(({ key }) => key));
      const isFirst = sent.length === 1;
      const isWhole = (key: string) => key !== 'c' && !(isFirst && key === 'd');
      return records.map(({ key }, offset) => (isWhole(key) ? { partition: 0, offset } : tooLarge));
    },
    close: async () => undefined,
  };
  const clock = new ManualClock();
  const appender = new Appender(producer, LIMITS, clock, SILENT_KAFKA_OBSERVER);
  const outcomes = ['a', 'b', 'c', 'd'].map((name) =>
    appender.append(record(name), 10).then(
      () => 'ok',
      (error) => error.code,
    ),
  );
  clock.advance(5);
  expect(await Promise.all(outcomes)).toEqual(['ok', 'ok', 'UT_BUS_RECORD_TOO_LARGE', 'ok']);
  expect(sent).toEqual([['a', 'b', 'c', 'd'], ['c'], ['d']]);
});

test('closing sends what there is, and gives up on a broker that does not answer', async () => {
  const answered = setUp();
  const sent = answered.appender.append(record('a'), 10);
  const closing = answered.appender.close(1_000);
  answered.sends[0]!.answer();
  await closing;
  expect(await sent).toEqual({ partition: 0, offset: 0 });

  const silent = setUp();
  const lost = silent.appender.append(record('a'), 10).catch((error) => error.code);
  const givingUp = silent.appender.close(1_000);
  silent.clock.advance(1_000);
  expect(await lost).toBe('UT_BUS_CLOSED');
  await givingUp;
});
