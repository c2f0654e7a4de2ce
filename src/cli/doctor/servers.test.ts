import { expect, test } from 'vitest';
import type { ClusterProbe } from '../../bus/index.js';
import { configSchema } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { type Check, isBroken, ok, runChecks } from './check.js';
import { kafkaChecks } from './kafka-checks.js';
import { clockFinding, memoryFinding, type RedisProbe, redisChecks } from './redis-checks.js';
import { renderReport } from './report.js';
import { boundedBytes, type Resources, resourceChecks } from './resource-checks.js';

const TOPICS = ['audio', 'emotions', 'calls', 'alerts', 'dead-letters'].map((name) => `undertone.${name}.v1`);
const NOW_MS = 1_000_000;
const kafka = (more: object = {}) =>
  configSchema.parse({ bus: { kind: 'kafka', partitions: 3, kafka: { brokers: ['a:1', 'b:2'] } }, ...more });

const refuse = (code: 'UT_KAFKA_AUTHORIZATION' | 'UT_KAFKA_UNREACHABLE' | 'UT_KAFKA_FAILED') => async () => {
  throw new UndertoneError(code, 'no.', { place: 'there' });
};

/** A cluster of two brokers on which all is well, but for what is said otherwise. */
function cluster(otherwise: Partial<ClusterProbe> = {}, dead: readonly string[] = []) {
  const asked: string[] = [];
  const open = async ([broker]: readonly string[]): Promise<ClusterProbe> => ({
    connect: dead.includes(broker!) ? refuse('UT_KAFKA_UNREACHABLE') : async () => undefined,
    close: async () => undefined,
    brokers: async () => ['a:1', 'b:2', 'c:3'],
    partitionCounts: async () => new Map(TOPICS.map((topic) => [topic, 3])),
    tryRead: async (topic) => void asked.push(`read ${topic}`),
    tryWrite: async (topic) => void asked.push(`write ${topic}`),
    tryGroup: async (group) => void asked.push(`group ${group}`),
    tryTransaction: async (id) => void asked.push(`transaction ${id}`),
    hasRecordAfter: async (_, timeMs) => {
      asked.push(`after ${timeMs}`);
      return false;
    },
    ...otherwise,
  });
  return { open, asked };
}

async function kafkaFindings(parts: ReturnType<typeof cluster>, config = kafka()) {
  const results = await runChecks(kafkaChecks(config, parts.open, () => NOW_MS));
  return new Map(results.map((result) => [result.name, result]));
}

test('a cluster on which all is well: every broker, right and clock was looked at', async () => {
  const parts = cluster();
  const found = await kafkaFindings(parts);
  expect([...found.values()].map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  expect(found.get('Kafka brokers')?.detail).toBe('3 of 3 reached');
  expect(parts.asked).toEqual(
    expect.arrayContaining([
      `write ${TOPICS[0]}`,
      `read ${TOPICS[0]}`,
      `write ${TOPICS[4]}`,
      'group undertone-worker',
      'group undertone-tail-doctor',
      'transaction undertone-worker/doctor',
      `after ${NOW_MS + 2000}`,
    ]),
  );
});

test('one broker of several that does not answer is named, and the others are used', async () => {
  const found = await kafkaFindings(cluster({}, ['c:3']));
  expect(found.get('Kafka brokers')).toMatchObject({ status: 'failed', code: 'UT_KAFKA_UNREACHABLE' });
  expect(found.get('Kafka brokers')?.detail).toContain('reached: a:1, b:2');
  expect(found.get('Kafka topics')?.status).toBe('ok');
});

test('without any broker nothing else is tried', async () => {
  const parts = cluster({}, ['a:1', 'b:2']);
  const found = await kafkaFindings(parts);
  expect(found.get('Kafka rights')).toMatchObject({ status: 'failed', detail: 'not tried without a broker' });
  expect(parts.asked).toEqual([]);
});

test.each([
  ['missing', TOPICS.slice(1), 3, 'UT_KAFKA_TOPIC_MISSING', TOPICS[0]],
  ['with too few partitions', TOPICS, 2, 'UT_KAFKA_PARTITIONS', 'wanted are 3'],
])('topics %s', async (_, names, count, code, detail) => {
  const partitionCounts = async () => new Map(names.map((name) => [name, count]));
  const found = await kafkaFindings(cluster({ partitionCounts }));
  expect(found.get('Kafka topics')).toMatchObject({ status: 'failed', code });
  expect(found.get('Kafka topics')?.detail).toContain(detail);
});

test('each right that is missing is named, and a role alone needs its own only', async () => {
  const parts = cluster({ tryWrite: refuse('UT_KAFKA_AUTHORIZATION') });
  const found = await kafkaFindings(parts, kafka({ roles: ['gateway'] }));
  expect(found.get('Kafka rights')).toMatchObject({ status: 'failed', code: 'UT_KAFKA_AUTHORIZATION' });
  expect(found.get('Kafka rights')?.detail).toContain(`Write on topic ${TOPICS[0]}.`);
  expect(found.has('Kafka transactions')).toBe(false);
  expect(parts.asked).toEqual([`after ${NOW_MS + 2000}`]);
});

test('a group whose coordinator is not told is taken for a right that is missing', async () => {
  const found = await kafkaFindings(cluster({ tryGroup: refuse('UT_KAFKA_FAILED') }));
  expect(found.get('Kafka rights')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('Read on group undertone-worker; Read on group undertone-tail…'),
  });
});

test('brokers whose clock is ahead are a warning, which does not stop a start', async () => {
  const results = await runChecks(
    kafkaChecks(kafka(), cluster({ hasRecordAfter: async () => true }).open, () => NOW_MS),
  );
  expect(results.at(-1)).toMatchObject({ status: 'warning', detail: expect.stringContaining('ahead') });
  expect(isBroken(results)).toBe(false);
});

const redis = configSchema.parse({ redis: { enabled: true } });

test('Redis: what is denied is named by command and key', async () => {
  const probe: RedisProbe = {
    connect: async () => undefined,
    close: async () => undefined,
    info: async () => 'maxmemory:100\r\nmaxmemory_policy:noeviction\r\nused_memory:50\r\n',
    async command(name) {
      if (name === 'PUBLISH') throw new UndertoneError('UT_REDIS_DENIED', 'NOPERM.');
    },
  };
  const results = await runChecks(redisChecks(redis, probe, () => NOW_MS));
  expect(results.map(({ name, status }) => [name, status])).toEqual([
    ['Redis', 'ok'],
    ['Redis rights', 'failed'],
    ['Redis memory and clock', 'ok'],
  ]);
  expect(results[1]).toMatchObject({
    code: 'UT_REDIS_DENIED',
    detail: expect.stringContaining('PUBLISH undertone:calls:undertone-doctor'),
  });
});

test.each([
  ['maxmemory:0\r\n', 'warning', 'maxmemory is not set'],
  ['maxmemory:100\r\nmaxmemory_policy:noeviction\r\nused_memory:90\r\n', 'warning', 'refuses states'],
  ['maxmemory:100\r\nmaxmemory_policy:volatile-ttl\r\nused_memory:90\r\n', 'ok', '90 %'],
])('memory of Redis: %j is %s', (info, status, detail) => {
  expect(memoryFinding(info)).toMatchObject({ status, detail: expect.stringContaining(detail) });
});

test.each([
  [0, 'ok', '0 ms apart'],
  [-5000, 'warning', '5000 ms behind'],
  [5000, 'warning', '5000 ms ahead'],
])('a clock %d ms off is %s', (skewMs, status, detail) => {
  const info = `server_time_usec:${1000 * (NOW_MS + skewMs)}\r\n`;
  expect(clockFinding(info, NOW_MS)).toMatchObject({ status, detail: expect.stringContaining(detail) });
});

const GIB = 2 ** 30;
const ROOMY: Resources = {
  maxOpenFiles: 100_000,
  memoryBytes: 64 * GIB,
  freeBytes: new Map([['/', 10 * GIB]]),
  threadPool: 4,
  cores: 2,
};

async function resourceFindings(config: typeof redis, resources: Partial<Resources> = {}) {
  const results = await runChecks(resourceChecks(config, { ...ROOMY, ...resources }));
  return results.map(({ name, status }) => `${name}: ${status}`);
}

test('limits of the machine are held against those of the configuration', async () => {
  const config = configSchema.parse({ gateway: { maxStreams: 2000 } });
  expect(await resourceFindings(config)).toEqual(['Open files: ok', 'Memory: ok', 'Disk: ok']);
  const tight = { maxOpenFiles: 1024, memoryBytes: GIB / 4, freeBytes: new Map([['/', 1000]]) };
  expect(await resourceFindings(config, tight)).toEqual([
    'Open files: failed',
    'Memory: warning',
    'Disk: warning',
  ]);
  const worker = configSchema.parse({ roles: ['worker'], gateway: { maxStreams: 2000 } });
  expect(await resourceFindings(worker, { maxOpenFiles: 1024 })).toContain('Open files: ok');
});

test('memory counts what may wait: more partitions of the embedded log, more threads', () => {
  const bytes = (config: object, cores = 2) => boundedBytes(configSchema.parse(config), cores);
  const plain = bytes({});
  expect(bytes({ bus: { partitions: 8 } })).toBeGreaterThan(plain);
  expect(bytes({}, 9)).toBeGreaterThan(plain);
  expect(bytes({ roles: ['gateway', 'console'] }, 9)).toBe(bytes({ roles: ['gateway', 'console'] }, 2));
});

test('node-rdkafka needs a thread for each open transaction', async () => {
  const rdkafka = { bus: { kind: 'kafka', partitions: 12, kafka: { driver: 'node-rdkafka' } } };
  const config = configSchema.parse(rdkafka);
  expect(await resourceFindings(config)).toContain('Thread pool: warning');
  expect(await resourceFindings(config, { threadPool: 16 })).toContain('Thread pool: ok');
});

const check = (more: Partial<Check>): Check => ({
  name: 'Part',
  neededFor: 'tests',
  required: true,
  run: () => ok('here'),
  ...more,
});

test('a server that never answers costs its time limit, and the next is asked', async () => {
  const hangs = check({ limitMs: 1, run: () => new Promise(() => undefined) });
  const results = await runChecks([hangs, check({})]);
  expect(results.map(({ status }) => status)).toEqual(['failed', 'ok']);
  expect(results[0]?.detail).toContain('no answer within');
});

test('a warning has a mark of its own', async () => {
  const results = await runChecks([check({ run: () => clockFinding('server_time_usec:0', NOW_MS) })]);
  expect(renderReport(results, { colours: false })).toMatch(/^! Part/);
});
