import { describe, expect, it } from 'vitest';
import { createMemoryBus } from '../bus/index.js';
import { systemClock } from '../clock.js';
import { UndertoneError } from '../errors.js';
import { patiently, recover } from './recovery.js';

const SETTINGS = {
  partitions: 1,
  retention: 'newest',
  maxRecordsPerPartition: 100,
  maxBytesPerPartition: 1_000_000,
} as const;
const TOPICS = { calls: 'calls', others: ['emotions'] };
const state = (change: object) => ({
  state: JSON.stringify({ version: 1, through: 7, ...change }),
});
const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));

describe('what the log says of the calls of a partition', () => {
  const read = async (
    records: readonly [key: string, value: Uint8Array | null, headers: Record<string, string>][],
  ) => {
    const bus = createMemoryBus({ topics: { calls: SETTINGS, emotions: SETTINGS }, clock: systemClock });
    await bus.start();
    for (const [key, value, headers] of records) await bus.append('calls', { key, value, headers });
    const unreadable: string[] = [];
    const found = await recover(bus, TOPICS, 0, 0, (callId) => unreadable.push(callId));
    await bus.close();
    return { ...found, unreadable };
  };

  it('is the newest word on each: under way, over or erased', async () => {
    const live = json({ state: 'live' });
    const found = await read([
      ['a', live, state({ through: 3 })],
      ['a', live, state({ through: 9 })],
      ['b', live, state({})],
      ['b', json({ state: 'ended' }), { through: '12' }],
      ['c', live, state({})],
      ['c', null, {}],
      ['d', live, {}],
    ]);
    expect([...found.live].map(([id, { through }]) => [id, through])).toEqual([['a', 9]]);
    expect([...found.over]).toEqual([['b', 12]]);
    expect([...found.erased]).toEqual(['c']);
    expect(found.unreadable).toEqual([]);
  });

  it('passes over what it does not understand, and says so', async () => {
    const live = json({ state: 'live' });
    const found = await read([
      ['foreign', new TextEncoder().encode('hello'), {}],
      ['later', live, state({ version: 2 })],
      ['torn', live, { state: '{' }],
      ['good', live, state({})],
    ]);
    expect([...found.live.keys()]).toEqual(['good']);
    expect(found.unreadable).toEqual(['foreign', 'later', 'torn']);
  });
});

describe('an attempt that is made patiently', () => {
  const never = new Promise<null>(() => undefined);
  const away = new UndertoneError('UT_KAFKA_UNREACHABLE', 'as asked for.', { retriable: true });

  it('is made again where that may help, and fails where not', async () => {
    let attempts = 0;
    const found = await patiently(async () => {
      if (++attempts < 2) throw away;
      return { attempts };
    }, never);
    expect(found).toEqual({ attempts: 2 });
    await expect(patiently(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  });

  it('is given up in the middle', async () => {
    expect(await patiently(() => new Promise<object>(() => undefined), Promise.resolve(null))).toBeNull();
  });
});
