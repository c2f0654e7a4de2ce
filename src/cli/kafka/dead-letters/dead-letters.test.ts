import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import { deadLetter } from '../../../app/dead-letters.js';
import { type Bus, type BusRecord, createMemoryBus } from '../../../bus/index.js';
import { UndertoneError } from '../../../errors.js';
import { listLetters, renderLetters } from './list.js';
import { type ReplayPlan, replayLetters } from './replay.js';

const kept = {
  partitions: 3,
  retention: 'newest',
  maxRecordsPerPartition: 1000,
  maxBytesPerPartition: 1e6,
} as const;
const ALL = { sinceMs: Number.NEGATIVE_INFINITY };
const PLAN: ReplayPlan = {
  deadLetters: 'dead',
  audio: 'audio',
  calls: 'calls',
  filter: ALL,
  limit: 100,
  dryRun: false,
};

let clock: ManualClock;
let bus: Bus;
beforeEach(async () => {
  clock = new ManualClock();
  bus = createMemoryBus({ topics: { dead: kept, audio: kept, calls: kept }, clock });
  await bus.start();
});
afterEach(() => bus.close());

async function standing(topic: string): Promise<readonly BusRecord[]> {
  const records: BusRecord[] = [];
  for (let partition = 0; partition < kept.partitions; partition++) {
    await bus.scan(topic, partition, ALL.sinceMs, (some) => void records.push(...some));
  }
  return records;
}

/** Writes a record to the audio topic and its dead letter beside it. */
async function fail(
  callId: string,
  text: string,
  reason: 'UT_INGEST_BAD_RECORD' | 'UT_CALLS_NOT_STARTED' = 'UT_INGEST_BAD_RECORD',
) {
  const record = {
    key: callId,
    value: Buffer.from(text),
    headers: { ce_type: 'audio.chunk', leg: 'customer' },
  };
  const position = await bus.append('audio', record);
  const audio = { ...record, ...position, topic: 'audio', timestampMs: clock.nowMs() };
  const { topic, ...letter } = deadLetter('dead', audio, new UndertoneError(reason, 'it has no rate.'));
  await bus.append(topic, letter);
}

const replayed = async () =>
  (await standing('audio')).filter(({ headers }) => headers['replayed-from'] !== undefined);

describe('undertone dead-letters list', () => {
  test('tells of each letter when, why, from where and how large; never what it holds', async () => {
    await fail('CA1', 'a secret');
    const list = await listLetters(bus, 'dead', ALL, 10);
    expect(list).toEqual({
      left: 0,
      rows: [
        {
          time: new Date(clock.nowMs()).toISOString(),
          reason: 'UT_INGEST_BAD_RECORD',
          detail: expect.stringContaining('it has no rate.'),
          source: expect.stringMatching(/^audio\/\d\/0$/),
          callId: 'CA1',
          type: 'audio.chunk',
          bytes: 8,
          position: expect.stringMatching(/^dead\/\d\/0$/),
        },
      ],
    });
    expect(renderLetters(list)).not.toContain('secret');
  });

  test('keeps to the newest, oldest of them first, and says how many are older', async () => {
    for (let i = 0; i < 25; i++) {
      await fail(`CA${i}`, 'x');
      clock.advance(1000);
    }
    const { rows, left } = await listLetters(bus, 'dead', ALL, 3);
    expect(rows.map(({ callId }) => callId)).toEqual(['CA22', 'CA23', 'CA24']);
    expect(left).toBe(22);
    expect(renderLetters({ rows, left })).toContain('22 older ones match too');
  });

  test('filters by time, reason and call', async () => {
    await fail('CA1', 'x');
    clock.advance(60_000);
    await fail('CA1', 'x', 'UT_CALLS_NOT_STARTED');
    await fail('CA2', 'x');
    const count = async (filter: object) =>
      (await listLetters(bus, 'dead', { ...ALL, ...filter }, 10)).rows.length;
    expect(await count({ sinceMs: clock.nowMs() - 1000 })).toBe(2);
    expect(await count({ reason: 'UT_INGEST_BAD_RECORD' })).toBe(2);
    expect(await count({ callId: 'CA1', reason: 'UT_CALLS_NOT_STARTED' })).toBe(1);
  });

  test('a hostile header draws nothing on the terminal', async () => {
    await bus.append('dead', {
      key: 'CA\u001b[2J',
      value: null,
      headers: { reason: 'a\u0007b', detail: '\u202e' },
    });
    const text = renderLetters(await listLetters(bus, 'dead', ALL, 10));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain('source unknown');
  });
});

describe('undertone dead-letters replay', () => {
  test('sends records as they came, in order, with a mark of where the letter stands', async () => {
    for (const text of ['one', 'two', 'three']) await fail('CA1', text);
    expect(await replayLetters(bus, PLAN)).toMatchObject({ replayed: 3 });
    const records = await replayed();
    expect(records.map(({ value }) => String(value))).toEqual(['one', 'two', 'three']);
    expect(records[0]).toMatchObject({
      key: 'CA1',
      headers: {
        ce_type: 'audio.chunk',
        leg: 'customer',
        'replayed-from': expect.stringMatching(/^dead\/\d\/0$/),
      },
    });
    for (const name of ['reason', 'detail', 'source-position'])
      expect(records[0]?.headers).not.toHaveProperty(name);
  });

  test('a dry run only counts', async () => {
    await fail('CA1', 'x');
    expect(await replayLetters(bus, { ...PLAN, dryRun: true })).toMatchObject({ replayed: 1 });
    expect(await replayed()).toEqual([]);
  });

  test('stops at the limit and counts the rest', async () => {
    for (let i = 0; i < 5; i++) await fail(`CA${i}`, 'x');
    expect(await replayLetters(bus, { ...PLAN, limit: 2 })).toMatchObject({ replayed: 2, beyondLimit: 3 });
    expect(await replayed()).toHaveLength(2);
  });

  test('a copy that failed again stands for its original: nothing is sent twice in one run', async () => {
    await fail('CA1', 'x');
    for (let round = 0; round < 3; round++) {
      expect(await replayLetters(bus, PLAN)).toMatchObject({ replayed: 1, superseded: round });
      const copy = (await replayed()).at(-1)!;
      const { topic, ...letter } = deadLetter(
        'dead',
        copy,
        new UndertoneError('UT_INGEST_BAD_RECORD', 'again.'),
      );
      await bus.append(topic, letter);
    }
    expect((await replayed()).at(-1)?.headers['replayed-from']).toMatch(/\/2$/);
  });

  test('letters of erased calls stay where they are', async () => {
    await fail('CA1', 'x');
    await bus.append('calls', { key: 'CA1', value: null, headers: {} });
    expect(await replayLetters(bus, PLAN)).toMatchObject({ replayed: 0, erased: 1 });
  });

  test('what does not come from the audio topic is not sent there', async () => {
    await bus.append('dead', { key: 'x', value: null, headers: { 'source-position': 'calls/0/1' } });
    await bus.append('dead', { key: 'y', value: null, headers: {} });
    expect(await replayLetters(bus, PLAN)).toMatchObject({ replayed: 0, foreign: 2 });
  });
});
