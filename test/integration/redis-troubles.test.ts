import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { RedisPublisher, SILENT_REDIS_OBSERVER } from '../../src/sink/index.js';
import {
  listenTo,
  type PublisherBench,
  pointOf,
  raised,
  redisConfig,
  someCall,
  startPublisher,
} from '../support/redis-bench.js';
import { type RedisOptions, type RedisServer, startRedis } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';

/** As docs/redis.md tells operators to write them. */
const PUBLISHER_RULES =
  'resetchannels ~undertone:* &undertone:* +set +del +publish +info +hello +auth +client|setname';

describeWith(['redis'], 'troubles of Redis', () => {
  const servers: RedisServer[] = [];
  const benches: PublisherBench[] = [];
  const call = someCall('call-1');

  const server = async (options: RedisOptions = {}): Promise<RedisServer> => {
    const redis = await startRedis(options);
    servers.push(redis);
    return redis;
  };
  const publish = async (changes: Parameters<typeof startPublisher>[0]): Promise<PublisherBench> => {
    const bench = await startPublisher(changes);
    benches.push(bench);
    return bench;
  };

  afterEach(async () => {
    await Promise.all(benches.splice(0).map(({ publisher }) => publisher.close(0)));
    await Promise.all(servers.splice(0).map((redis) => redis.stop()));
  });

  test('nobody there: publishing goes nowhere, and starts when Redis comes', async () => {
    const redis = await server();
    await redis.kill();
    const { publisher, until, record } = await publish({ port: redis.port });
    publisher.point(pointOf(call, 0));
    await until(({ codes }) => codes.length > 0);
    expect(record.codes).toEqual(['UT_REDIS_UNREACHABLE']);
    expect(record.counts).toEqual({ 'dropped point disconnected': 1 });
    await redis.start();
    await until(({ counts }) => counts['state written'] === 1);
  });

  test('a wrong password is named, and a corrected one is taken without a restart', async () => {
    const redis = await server({ users: [{ name: 'undertone', password: 'right' }] });
    const { until } = await publish({ port: redis.port, username: 'undertone', password: 'wrong' });
    await until(({ codes }) => codes.includes('UT_REDIS_AUTHENTICATION'));
    const missing = await publish({ port: redis.port });
    await missing.until(({ codes }) => codes.includes('UT_REDIS_AUTHENTICATION'));
    await redis.cli('ACL', 'SETUSER', 'undertone', '>wrong');
    await until(({ isUp }) => isUp);
  });

  test('the ACL rules of the documentation are enough', async () => {
    const redis = await server({ users: [{ name: 'undertone', password: 'p', rules: PUBLISHER_RULES }] });
    const { publisher, until, record } = await publish({
      port: redis.port,
      username: 'undertone',
      password: 'p',
    });
    await until(({ isUp }) => isUp);
    publisher.point(pointOf(call, 0));
    publisher.alert(raised(call));
    publisher.erased('other');
    await until(({ counts }) => counts.batch === 1);
    expect(record.counts).toEqual({
      'published erased': 1,
      'published alert': 1,
      'published point': 1,
      'state written': 1,
      batch: 1,
    });
    expect(record.codes).toEqual([]);
  });

  test('without the right to a channel, what goes there is refused, and the rest goes out', async () => {
    const rules = PUBLISHER_RULES.replace('&undertone:*', '&undertone:calls:*');
    const redis = await server({ users: [{ name: 'undertone', password: 'p', rules }] });
    const { publisher, until, record } = await publish({
      port: redis.port,
      username: 'undertone',
      password: 'p',
    });
    await until(({ isUp }) => isUp);
    publisher.alert(raised(call));
    publisher.point(pointOf(call, 0));
    await until(({ counts }) => counts['published point'] === 1);
    expect(record.counts['dropped alert refused']).toBe(1);
    expect(record.codes).toEqual(['UT_REDIS_DENIED']);
  });

  test('a state that is refused is tried again', async () => {
    const redis = await server({ lines: ['maxmemory 1', 'maxmemory-policy noeviction'] });
    const { publisher, until, record } = await publish({ port: redis.port });
    await until(({ isUp }) => isUp);
    publisher.summary(call.summary(1));
    publisher.erased('other');
    await until(({ counts }) => counts['state refused'] === 1);
    expect(record.codes).toEqual(['UT_REDIS_REFUSED']);
    await redis.cli('CONFIG', 'SET', 'maxmemory', '0');
    await until(({ counts }) => counts['state written'] === 1 && counts['published erased'] === 1);
  });

  test('a replica is left again and again, until it is a master', async () => {
    const master = await server();
    const replica = await server({ lines: [`replicaof 127.0.0.1 ${master.port}`] });
    await replica.answers(['INFO', 'replication'], 'master_link_status:up');
    const { publisher, until } = await publish({ port: replica.port });
    await until(({ isUp }) => isUp);
    publisher.point(pointOf(call, 0));
    await until(({ codes, connections }) => codes.includes('UT_REDIS_READ_ONLY') && connections > 1);
    await replica.cli('REPLICAOF', 'NO', 'ONE');
    await until(({ counts }) => counts['state written'] === 1);
  });

  test('a server that still loads its data is waited for', async () => {
    const lines = [
      'key-load-delay 8000',
      'loading-process-events-interval-bytes 1024',
      'enable-debug-command yes',
    ];
    const redis = await server({ lines });
    await redis.cli('DEBUG', 'POPULATE', '400', 'key', '200');
    await redis.cli('SAVE');
    await redis.kill();
    const started = redis.start();
    const { publisher, until, record } = await publish({ port: redis.port });
    publisher.point(pointOf(call, 0));
    await until(({ codes }) => codes.includes('UT_REDIS_NOT_READY'));
    expect(record.isUp).toBe(false);
    await until(({ counts }) => counts['state written'] === 1);
    await started;
  });

  test('TLS: with the right authority it works, with none, or in the clear, it says so', async () => {
    const redis = await server({ tls: true });
    const caFile = redis.certificates!.caFile;
    const good = await publish({ port: redis.port, tls: { enabled: true, caFile } });
    await good.until(({ isUp }) => isUp);
    const stranger = await publish({ port: redis.port, tls: { enabled: true } });
    await stranger.until(({ codes }) => codes.includes('UT_REDIS_TLS'));
    const otherName = await publish({
      port: redis.port,
      tls: { enabled: true, caFile, serverName: 'redis.example' },
    });
    await otherName.until(({ codes }) => codes.includes('UT_REDIS_TLS'));
    const clear = await publish({ port: redis.port });
    await clear.until(({ codes }) => codes.length > 0);
  });

  test('files of TLS that can not be used stop the start', async () => {
    const redis = await server({ tls: true });
    const broken = join(dirname(redis.certificates!.caFile), 'broken.pem');
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n');
    for (const caFile of [broken, `${broken}.missing`]) {
      const config = redisConfig({ tls: { enabled: true, caFile } });
      const create = () =>
        new RedisPublisher(config, { clock: systemClock, observer: SILENT_REDIS_OBSERVER });
      expect(create).toThrow('UT_REDIS_TLS');
    }
  });

  test('a subscriber with the rules of the documentation hears its tenant, and not the others', async () => {
    const rules =
      'resetchannels ~undertone:call:* &undertone:alerts:acme +subscribe +psubscribe +ping +hello +auth +info +client|setname';
    const redis = await server({ users: [{ name: 'desk', password: 'p', rules }] });
    const { publisher, until } = await publish({
      port: redis.port,
      username: 'operator',
      password: 'operator-secret',
    });
    await until(({ isUp }) => isUp);
    const listener = await listenTo(redis, 'undertone:alerts:acme');
    await expect(listenTo(redis, 'undertone:alerts:*')).rejects.toThrow('NOPERM');
    publisher.alert(raised(someCall('b', 'beta')));
    publisher.alert(raised(call));
    await listener.until(() => listener.messages.length > 0);
    listener.close();
    expect(listener.messages).toHaveLength(1);
  });
});
