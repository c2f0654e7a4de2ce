import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { type Console, createConsole, SILENT_CONSOLE_OBSERVER } from '../../src/console/index.js';
import { eventually } from '../support/api.js';
import {
  type PublisherBench,
  pointOf,
  raised,
  redisConfig,
  someCall,
  startPublisher,
} from '../support/redis-bench.js';
import { type RedisServer, startRedis, startRedisCluster } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';

/** As docs/redis.md tells operators to write them. */
const CONSOLE_RULES =
  'resetchannels ~undertone:* &undertone:calls:* &undertone:alerts:* +psubscribe +scan +get +ping +info +hello +auth +client|setname';
const OPERATOR = { username: 'operator', password: 'operator-secret' };
const LIMIT_MS = 10_000;
const LONG_MS = 60_000;

describeWith(['redis'], 'the console on Redis alone', () => {
  const ends: (() => Promise<unknown>)[] = [];
  const call = someCall('call-1');
  let http: FastifyInstance;
  let codes: string[];
  let bench: PublisherBench;

  const get = async <T>(url: string): Promise<T> =>
    (await http.inject({ url, headers: { host: 'localhost' } })).json<T>();
  const begin = async (changes: Parameters<typeof redisConfig>[0]): Promise<Console> => {
    http = fastify();
    codes = [];
    const sourceFailed = ({ code }: { code: string }) => void codes.push(code);
    const observer = { ...SILENT_CONSOLE_OBSERVER, sourceFailed };
    const console = createConsole({ bus: null, redis: redisConfig(changes), http, tokens: [], observer });
    await console.start();
    ends.unshift(
      () => console.close(),
      () => http.close(),
    );
    return console;
  };
  const publish = async (changes: Parameters<typeof startPublisher>[0]): Promise<void> => {
    bench = await startPublisher(changes);
    ends.unshift(() => bench.publisher.close(0));
    await bench.until(({ isUp }) => isUp);
    bench.publisher.point(pointOf(call, 0));
    bench.publisher.summary(call.summary(1));
    bench.publisher.alert(raised(call));
  };
  const start = async (options: Parameters<typeof startRedis>[0]): Promise<RedisServer> => {
    const redis = await startRedis(options);
    ends.push(() => redis.stop());
    return redis;
  };
  const shows = (callId: string, windows: number) =>
    eventually(
      () => get<{ points?: unknown[] }>(`/api/calls/${callId}/points`),
      ({ points }) => points?.length === windows,
      LIMIT_MS,
    );

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  test('shows calls, points and alerts, with the ACL rules of the documentation', async () => {
    const redis = await start({ users: [{ name: 'console', password: 'p', rules: CONSOLE_RULES }] });
    await publish({ port: redis.port, ...OPERATOR });
    await begin({ port: redis.port, username: 'console', password: 'p' });
    await shows('call-1', 1);
    bench.publisher.point(pointOf(call, 1));
    await shows('call-1', 2);
    expect(await get('/api/calls/call-1')).toEqual(call.summary(1));
    expect(await get('/api/alerts')).toMatchObject({ alerts: [raised(call)] });
    expect(codes).toEqual([]);
  });

  test('says what it may not do', async () => {
    const rules = CONSOLE_RULES.replace('+scan', '');
    const redis = await start({ users: [{ name: 'console', password: 'p', rules }] });
    await begin({ port: redis.port, username: 'console', password: 'p' });
    await eventually(
      async () => codes,
      (all) => all.includes('UT_REDIS_DENIED'),
      LIMIT_MS,
    );
  });

  test('starts without Redis, and closes without it', async () => {
    const redis = await start({});
    await redis.kill();
    await begin({ port: redis.port });
    expect(await get('/api/calls')).toMatchObject({ calls: [] });
    await eventually(
      async () => codes,
      (all) => all.includes('UT_REDIS_UNREACHABLE'),
      LIMIT_MS,
    );
    await redis.start();
    await publish({ port: redis.port });
    await shows('call-1', 1);
    redis.freeze();
    const beganAt = performance.now();
    for (const end of ends.splice(0, ends.length - 1)) await end();
    expect(performance.now() - beganAt).toBeLessThan(2000);
    redis.thaw();
  });

  test('follows a cluster to another node when its own is gone', { timeout: LONG_MS }, async () => {
    const cluster = await startRedisCluster();
    ends.push(() => cluster.stop());
    const nodes = cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
    await publish({ cluster: { nodes } });
    await begin({ cluster: { nodes } });
    await shows('call-1', 1);
    const others = ['call-2', 'call-3', 'call-4', 'call-5'].map((id) => someCall(id));
    for (const other of others) bench.publisher.point(pointOf(other, 0));
    for (const { callId } of others) await shows(callId, 1);
    await cluster.nodes[0]!.kill();
    await eventually(
      async () => {
        bench.publisher.point(pointOf(call, 1));
        return get<{ points: unknown[] }>('/api/calls/call-1/points');
      },
      ({ points }) => points.length === 2,
      LIMIT_MS,
    );
  });
});
