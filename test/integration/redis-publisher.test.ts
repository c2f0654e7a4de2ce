import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallStateDocument } from '../../src/sink/index.js';
import {
  listenTo,
  type PublisherBench,
  pointOf,
  raised,
  someCall,
  startPublisher,
} from '../support/redis-bench.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';

describeWith(['redis'], 'the Redis publisher', () => {
  let redis: RedisServer;
  let bench: PublisherBench;
  const call = someCall('call-1');
  const key = 'undertone:call:call-1';
  const isUp = (record: { isUp: boolean }): boolean => record.isUp;
  const isDown = (record: { isUp: boolean }): boolean => !record.isUp;

  const stateOf = async (name = key): Promise<CallStateDocument | null> => {
    const text = await redis.cli('GET', name);
    return text === '' ? null : JSON.parse(text);
  };
  const begin = async (changes: Parameters<typeof startPublisher>[0] = {}): Promise<void> => {
    bench = await startPublisher({ port: redis.port, ...changes });
    await bench.until(isUp);
  };

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    await bench.publisher.close(500);
    await redis.stop();
  });

  test('each event goes to its channel with its type, and the state holds the newest of all', async () => {
    await begin();
    const listener = await listenTo(redis);
    const { publisher } = bench;
    publisher.point(pointOf(call, 0));
    publisher.point(pointOf(call, 1));
    publisher.alert(raised(call));
    publisher.summary(call.summary(2));
    await listener.until(() => listener.messages.length === 4);
    listener.close();
    expect(listener.messages.map(([channel, { type }]) => `${channel} ${type}`)).toEqual([
      'undertone:alerts:acme undertone.alert.v1',
      'undertone:calls:call-1 undertone.point.v1',
      'undertone:calls:call-1 undertone.point.v1',
      'undertone:calls:call-1 undertone.call.v1',
    ]);
    expect(listener.messages[2]![1]).toEqual({ type: 'undertone.point.v1', ...pointOf(call, 1) });
    expect(await stateOf()).toMatchObject({
      callId: 'call-1',
      tenant: 'acme',
      state: 'live',
      summary: call.summary(2),
      points: { customer: pointOf(call, 1) },
      alerts: [raised(call)],
    });
    expect(Number(await redis.cli('PTTL', key))).toBeGreaterThan(590_000);
  });

  test('what it says of a result names the very result that it was told', async () => {
    await begin();
    const told = [pointOf(call, 0), raised(call)] as const;
    bench.publisher.point(told[0]);
    bench.publisher.alert(told[1]);
    await bench.until(({ results }) => results.length === 2);
    for (const result of told) expect(bench.record.results.some((each) => each === result)).toBe(true);
  });

  test('an ended call is kept for a shorter time', async () => {
    await begin();
    bench.publisher.summary(call.summary(2, 'ended'));
    await bench.until(({ counts }) => counts['published summary'] === 1);
    expect(await stateOf()).toMatchObject({ state: 'ended' });
    expect(Number(await redis.cli('PTTL', key))).toBeLessThanOrEqual(120_000);
  });

  test('of an erased call nothing is left but a mark', async () => {
    await begin();
    const listener = await listenTo(redis);
    bench.publisher.point(pointOf(call, 0));
    bench.publisher.erased('call-1');
    bench.publisher.point(pointOf(someCall('call-2'), 0));
    await bench.until(({ counts }) => counts['published erased'] === 1 && counts['published point'] === 1);
    await listener.until(() => listener.messages.length === 2);
    listener.close();
    expect(listener.messages[0]).toEqual([
      'undertone:calls:call-1',
      { type: 'undertone.call-erased.v1', callId: 'call-1' },
    ]);
    expect((await redis.cli('KEYS', '*')).split('\n').sort()).toEqual([
      'undertone:call:call-2',
      'undertone:erased:call-1',
    ]);
  });

  test('killed and back, empty: what was published in between is counted, the latest state is put right', async () => {
    await begin();
    const { publisher, until, record } = bench;
    const [ended, erased, quiet] = ['ended', 'erased', 'quiet'].map((id) => someCall(id));
    for (const other of [call, ended!, erased!, quiet!]) publisher.point(pointOf(other, 0));
    await until(({ counts }) => counts['published point'] === 4);
    await redis.kill();
    await until(isDown);
    for (let i = 1; i <= 100; i++) publisher.point(pointOf(call, i));
    publisher.summary(ended!.summary(2, 'ended'));
    publisher.erased('erased');
    expect(record.counts['dropped point disconnected']).toBe(100);
    await until(({ codes }) => codes.length === 1);
    expect(record.codes).toEqual(['UT_REDIS_UNREACHABLE']);
    await redis.start();
    await until(({ counts }) => counts['published erased'] === 1);
    await until(({ counts }) => counts['state written'] === 4 + 3);
    expect((await redis.cli('KEYS', '*')).split('\n').sort()).toEqual([
      'undertone:call:call-1',
      'undertone:call:ended',
      'undertone:call:quiet',
      'undertone:erased:erased',
    ]);
    expect((await stateOf())!.points.customer).toEqual({ type: 'undertone.point.v1', ...pointOf(call, 100) });
    expect(await stateOf('undertone:call:ended')).toMatchObject({ state: 'ended' });
  });

  test('a state that another process wrote meanwhile is not overwritten by an older one', async () => {
    await begin();
    const { publisher, until } = bench;
    publisher.point(pointOf(call, 0));
    await until(({ counts }) => counts['published point'] === 1);
    await redis.cli('SET', key, 'newer');
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'normal');
    await until(({ connections, counts }) => connections === 2 && counts['state written'] === 2);
    expect(await redis.cli('GET', key)).toBe('newer');
    publisher.released('call-1');
    await redis.cli('DEL', key);
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'normal');
    await until(({ connections }) => connections === 3);
    expect(await redis.cli('KEYS', '*')).toBe('');
  });

  test('frozen: nobody waits, memory stays bounded, and it goes on after the thaw', async () => {
    await begin({ maxQueuedPublications: 50 });
    const { publisher, until, record } = bench;
    publisher.point(pointOf(call, 0));
    await until(({ counts }) => counts['published point'] === 1);
    redis.freeze();
    for (let i = 1; i <= 1000; i++) {
      publisher.point(pointOf(call, i));
      if (i === 1) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(record.maxQueued).toBeLessThanOrEqual(50);
    expect(record.counts['dropped point queue-full']).toBe(1000 - 1 - 50);
    await until(({ codes, isUp }) => codes.includes('UT_REDIS_TIMEOUT') && !isUp);
    expect(record.counts['dropped point unacknowledged']).toBe(1);
    expect(record.counts['dropped point disconnected']).toBe(50);
    redis.thaw();
    await until(isUp);
    await until(({ counts }) => (counts['state written'] ?? 0) >= 2);
    expect((await stateOf())!.points.customer!.windowIndex).toBe(1000);
  });

  test('flapping: each state is put right again, and the log is not flooded', async () => {
    await begin();
    const { publisher, until, record } = bench;
    for (let turn = 1; turn <= 5; turn++) {
      await redis.kill();
      await until(isDown);
      publisher.point(pointOf(call, turn));
      await redis.start();
      await until(({ isUp, counts }) => isUp && (counts['state written'] ?? 0) >= turn);
      expect((await stateOf())!.points.customer!.windowIndex).toBe(turn);
    }
    expect(record.codes.length).toBeLessThanOrEqual(2);
  });

  test('alerts go out before points that wait, and are the last to be lost', async () => {
    await begin({ maxQueuedPublications: 10 });
    const { publisher, until, record } = bench;
    for (let i = 0; i < 20; i++) publisher.point(pointOf(call, i));
    publisher.alert(raised(call));
    await until(({ counts }) => counts['published alert'] === 1 && counts['published point'] === 10);
    expect(record.counts['dropped point queue-full']).toBe(10);
  });

  test('an end that was lost in a full queue is told by the state', async () => {
    await begin({ maxQueuedPublications: 10 });
    const listener = await listenTo(redis);
    bench.publisher.summary(call.summary(2, 'ended'));
    for (let i = 0; i < 20; i++) bench.publisher.point(pointOf(someCall('call-2'), i));
    await bench.until(({ counts }) => counts['published state'] === 1);
    await listener.until(() => listener.messages.length === 11);
    listener.close();
    expect(listener.messages[0]).toEqual([
      'undertone:calls:call-1',
      expect.objectContaining({ type: 'undertone.call-state.v1', state: 'ended' }),
    ]);
  });

  test('points can be left out', async () => {
    await begin({ points: false });
    bench.publisher.point(pointOf(call, 0));
    bench.publisher.summary(call.summary(1));
    await bench.until(({ counts }) => counts['published summary'] === 1);
    expect(bench.record.counts['published point']).toBeUndefined();
    expect((await stateOf())!.points.customer).toBeDefined();
  });

  test('closing sends what waits, and takes no longer than it may when Redis is frozen', async () => {
    await begin();
    for (let i = 0; i < 700; i++) bench.publisher.point(pointOf(call, i));
    await bench.publisher.close(2000);
    expect(bench.record.counts['published point']).toBe(700);
    await begin({ commandTimeoutMs: 60_000 });
    redis.freeze();
    bench.publisher.point(pointOf(call, 0));
    const beganAt = performance.now();
    await bench.publisher.close(100);
    expect(performance.now() - beganAt).toBeLessThan(1000);
    redis.thaw();
  });
});
