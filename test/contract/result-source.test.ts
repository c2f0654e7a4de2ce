import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMemoryBus } from '../../src/bus/index.js';
import { systemClock } from '../../src/clock.js';
import { BusSource } from '../../src/console/bus-source.js';
import type { ConsoleEvent } from '../../src/console/events.js';
import { DEFAULT_CONSOLE_LIMITS } from '../../src/console/limits.js';
import { LiveState } from '../../src/console/live-state.js';
import { SILENT_CONSOLE_OBSERVER } from '../../src/console/observer.js';
import { RedisSource } from '../../src/console/redis-source.js';
import { MESSAGE_TYPES } from '../../src/sink/index.js';
import { eventually } from '../support/api.js';
import {
  type PublisherBench,
  raised,
  redisConfig,
  someCall,
  startPublisher,
} from '../support/redis-bench.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';

const NOW_MS = 1_700_000_100_000;
const LIMIT_MS = 10_000;
const a = someCall('a');
const b = someCall('b');
const c = someCall('c');
const overA = { ...raised(a, 1), state: 'ended' as const, emittedAt: '2023-11-14T22:15:00.000Z' };

/** What two calls say, one that stays and one that ends, and a third one that is erased. */
const RESULTS: readonly ConsoleEvent[] = [
  ...Array.from({ length: 30 }, (_, i): ConsoleEvent[] => [
    { kind: 'point', value: a.event(i) as never },
    { kind: 'point', value: b.event(i) as never },
    { kind: 'point', value: c.event(i) as never },
    ...(i % 4 === 3 ? [{ kind: 'summary', value: a.summary(i + 1) } as const] : []),
  ]).flat(),
  { kind: 'alert', value: raised(a, 1) },
  { kind: 'alert', value: raised(a, 2) },
  { kind: 'alert', value: raised(c) },
  { kind: 'alert', value: overA },
  { kind: 'summary', value: c.summary(30) },
  { kind: 'summary', value: b.summary(30, 'ended') },
  { kind: 'erased', value: { callId: 'c' } },
];

/** All that a page can learn of the state. */
function picture(state: LiveState): object {
  const calls = state.calls().map(({ callId, tenant, summary, tracks }) => {
    const legs = [...tracks].map(([leg, { points, holes }]) => ({ leg, points, holes }));
    return { callId, tenant, summary, legs };
  });
  return { calls, alerts: state.alerts() };
}

/** The same, but of the timelines only their ends. */
function newest(state: LiveState): object {
  const calls = state.calls().map(({ callId, summary, tracks }) => {
    const legs = [...tracks].map(([leg, { points }]) => ({ leg, point: points.at(-1) }));
    return { callId, summary, legs };
  });
  const byId = (x: { callId: string }, y: { callId: string }) => (x.callId < y.callId ? -1 : 1);
  return {
    calls: calls.sort(byId),
    alerts: state
      .alerts()
      .map(({ alertId, ended }) => [alertId, ended])
      .sort(),
  };
}

async function throughBus(results: readonly ConsoleEvent[]): Promise<LiveState> {
  const topic = {
    partitions: 1,
    retention: 'newest',
    maxRecordsPerPartition: 1e4,
    maxBytesPerPartition: 1e8,
  } as const;
  const bus = createMemoryBus({ topics: { results: topic }, clock: systemClock });
  await bus.start();
  const state = new LiveState(DEFAULT_CONSOLE_LIMITS);
  const onEvent = (event: ConsoleEvent): void => state.apply(event, NOW_MS);
  const source = new BusSource({
    bus,
    topics: ['results'],
    sinceMs: 0,
    observer: SILENT_CONSOLE_OBSERVER,
    onEvent,
  });
  for (const { kind, value } of results) {
    const record = { key: value.callId, value: Buffer.from(JSON.stringify(value)) };
    const headers = { ce_type: MESSAGE_TYPES[kind] };
    await bus.append(
      'results',
      kind === 'erased' ? { ...record, value: null, headers: {} } : { ...record, headers },
    );
  }
  await source.start();
  await source.catchUp();
  await source.close();
  await bus.close();
  return state;
}

describeWith(['redis'], 'the two sources of the console', () => {
  let redis: RedisServer;
  let bench: PublisherBench;
  let sources: RedisSource[];
  let ups: boolean[];
  let codes: string[];

  const tell = (results: readonly ConsoleEvent[]): void => {
    for (const { kind, value } of results) {
      if (kind === 'erased') bench.publisher.erased(value.callId);
      else bench.publisher[kind](value as never);
    }
  };
  const throughRedis = async (): Promise<{ state: LiveState; source: RedisSource }> => {
    const state = new LiveState(DEFAULT_CONSOLE_LIMITS);
    const observer = {
      ...SILENT_CONSOLE_OBSERVER,
      sourceChanged: (up: boolean) => void ups.push(up),
      sourceFailed: ({ code }: { code: string }) => void codes.push(code),
    };
    const onEvent = (event: ConsoleEvent): void => state.apply(event, NOW_MS);
    const config = redisConfig({ port: redis.port });
    const source = new RedisSource({ config, clock: systemClock, observer, onEvent });
    sources.push(source);
    await source.start();
    return { state, source };
  };
  const soon = (holds: () => boolean) => eventually(async () => undefined, holds, LIMIT_MS);

  beforeEach(async () => {
    sources = [];
    ups = [];
    codes = [];
    redis = await startRedis();
    bench = await startPublisher({ port: redis.port });
    await bench.until(({ isUp }) => isUp);
  });

  afterEach(async () => {
    await Promise.all(sources.map((source) => source.close()));
    await bench.publisher.close(0);
    await redis.stop();
  });

  test('lead to the same state for the same results', async () => {
    const { state, source } = await throughRedis();
    await soon(() => ups.length === 1);
    tell(RESULTS);
    await bench.until(({ counts }) => counts['published erased'] === 1 && counts['published alert'] === 3);
    await source.catchUp();
    // What is erased at once is never sent: only the bus had it for a moment.
    expect(picture(state)).toEqual(picture(await throughBus(RESULTS)));
  });

  test('a console that comes late knows the newest of every call', async () => {
    tell(RESULTS);
    await bench.until(({ counts }) => counts['published erased'] === 1 && counts['published summary'] === 8);
    const { state, source } = await throughRedis();
    await soon(() => ups.length === 1);
    await source.catchUp();
    expect(newest(state)).toEqual(newest(await throughBus(RESULTS)));
  });

  test('after an outage the state is right again, erased calls included', async () => {
    const { state, source } = await throughRedis();
    await soon(() => ups.length === 1);
    tell(RESULTS.slice(0, -4));
    await bench.until(({ counts }) => (counts['published alert'] ?? 0) > 0);
    await source.catchUp();
    expect(state.call('c')).toBeDefined();
    await redis.kill();
    await soon(() => ups.length === 2);
    await bench.until(({ isUp }) => !isUp);
    tell(RESULTS.slice(-4));
    await redis.start();
    await bench.until(({ counts }) => counts['published erased'] === 1);
    await soon(
      () => ups.length === 3 && state.call('c') === undefined && state.call('b')?.summary !== undefined,
    );
    expect(ups).toEqual([true, false, true]);
    expect(newest(state)).toEqual(newest(await throughBus(RESULTS)));
    expect(codes.length).toBeLessThanOrEqual(1);
  });

  test('a console that reads the states before they are put right hears of them', async () => {
    const { state } = await throughRedis();
    await soon(() => ups.length === 1);
    tell(RESULTS.slice(0, -4));
    await bench.until(({ counts }) => (counts['published alert'] ?? 0) > 0);
    await redis.cli('CLIENT', 'PAUSE', '10000', 'WRITE');
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'normal');
    await bench.until(({ isUp }) => !isUp);
    tell(RESULTS.slice(-4));
    await redis.cli('CLIENT', 'UNPAUSE');
    await bench.until(({ counts }) => counts['published state'] === 2);
    await soon(() => state.call('b')!.summary !== undefined && state.call('c') === undefined);
    expect(ups).toEqual([true]);
    expect(newest(state)).toEqual(newest(await throughBus(RESULTS)));
  });

  test('a frozen Redis is noticed and told', async () => {
    await throughRedis();
    await soon(() => ups.length === 1);
    redis.freeze();
    await soon(() => codes.includes('UT_REDIS_TIMEOUT') && ups.length === 2);
    redis.thaw();
    await soon(() => ups.length === 3);
  });

  test('what is no event is reported and skipped', async () => {
    const { state, source } = await throughRedis();
    await soon(() => ups.length === 1);
    for (const text of ['x', '{}', 'null', '{"type":"undertone.point.v1"}', '{"type":"constructor"}'])
      await redis.cli('PUBLISH', 'undertone:calls:x', text);
    tell(RESULTS.slice(0, 1));
    await bench.until(({ counts }) => counts['published point'] === 1);
    await source.catchUp();
    expect(state.calls().map(({ callId }) => callId)).toEqual(['a']);
  });
});
