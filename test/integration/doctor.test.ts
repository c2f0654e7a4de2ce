import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { topicDefinitionsOf } from '../../src/app/topic-definitions.js';
import { runChecks } from '../../src/cli/doctor/check.js';
import { serverChecks } from '../../src/cli/doctor/server-checks.js';
import { tlsFilesCheck } from '../../src/cli/doctor/tls-files.js';
import { runCommandLine } from '../../src/cli/program.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { eventually } from '../support/api.js';
import { describeWith } from '../support/requirements.js';
import { makeCertificates } from '../support/servers/certificates.js';
import { sharedBroker, sharedRedis } from '../support/shared-servers.js';

const LONG_MS = 60_000;

/** By name: what was found. */
async function findings(config: Config, nowMs?: () => number) {
  const results = await runChecks(serverChecks(config, nowMs));
  return new Map(results.map((result) => [result.name, result]));
}

describeWith(['kafka'], 'undertone doctor on a real cluster', () => {
  const users = { operator: 'secret', nobody: 'secret' };
  const broker = sharedBroker({ acls: true, tls: true, sasl: { mechanism: 'PLAIN', users } });

  const busOf = (username: string, password = 'secret', more: object = {}) => {
    const tls = { enabled: true, caFile: broker().certificates!.caFile };
    const sasl = { mechanism: 'PLAIN', username, password };
    const kafka = { brokers: [broker().bootstrap], replicationFactor: 1, tls, sasl };
    return { kind: 'kafka', partitions: 2, kafka, ...more };
  };
  const configOf = (...args: Parameters<typeof busOf>) => configSchema.parse({ bus: busOf(...args) });

  beforeAll(async () => {
    await broker().admin.createTopics(topicDefinitionsOf(configOf('operator')));
    const everything = { resourceName: '*', resourcePatternType: ResourcePatternTypes.LITERAL, host: '*' };
    const { TOPIC, GROUP, TRANSACTIONAL_ID } = AclResourceTypes;
    const acl = [TOPIC, GROUP, TRANSACTIONAL_ID].map((resourceType) => ({
      ...everything,
      resourceType,
      principal: 'User:operator',
      operation: AclOperationTypes.ALL,
      permissionType: AclPermissionTypes.ALLOW,
    }));
    const { emotions } = configOf('operator').bus.topics;
    const deny = {
      ...everything,
      resourceType: TOPIC,
      resourceName: emotions.name,
      principal: 'User:nobody',
      operation: AclOperationTypes.WRITE,
      permissionType: AclPermissionTypes.DENY,
    };
    const almost = acl.map((one) => ({ ...one, principal: 'User:nobody' }));
    await broker().admin.with((admin) => admin.createAcls({ acl: [...acl, ...almost, deny] }));
    const denials = {
      resourceName: emotions.name,
      principal: 'User:nobody',
      operation: AclOperationTypes.WRITE,
    };
    const any = { resourceType: TOPIC, resourcePatternType: ResourcePatternTypes.LITERAL };
    const filter = { ...any, ...denials, permissionType: AclPermissionTypes.DENY };
    // The broker answers this from what it decides by.
    await eventually(
      () => broker().admin.with((admin) => admin.describeAcls({ ...filter, host: '*' })),
      ({ resources }) => resources.length > 0,
      10_000,
    );
  }, LONG_MS);

  test('all is well, and nothing was written', { timeout: LONG_MS }, async () => {
    const found = await findings(configOf('operator'));
    // The certificates of the tests are good for two days.
    const troubles = [...found.values()].filter(({ status }) => status !== 'ok');
    expect(troubles.map(({ name, status }) => `${name}: ${status}`)).toEqual(['Kafka TLS files: warning']);
    expect(found.get('Kafka brokers')?.detail).toBe('1 of 1 reached');
    for (const { name } of topicDefinitionsOf(configOf('operator')))
      expect(await broker().admin.readAll(name)).toEqual([]);
  });

  test('a wrong password, a missing topic, a right that is missing', { timeout: LONG_MS }, async () => {
    const wrong = await findings(configOf('operator', 'wrong'));
    expect(wrong.get('Kafka brokers')).toMatchObject({ status: 'failed', code: 'UT_KAFKA_AUTHENTICATION' });
    expect(wrong.get('Kafka topics')?.detail).toBe('not tried without a broker');

    const renamed = await findings(
      configOf('operator', 'secret', { topics: { alerts: { name: 'absent' } } }),
    );
    expect(renamed.get('Kafka topics')).toMatchObject({ status: 'failed', code: 'UT_KAFKA_TOPIC_MISSING' });
    expect(renamed.get('Kafka topics')?.detail).toContain('absent');

    const few = await findings(configOf('operator', 'secret', { partitions: 5 }));
    expect(few.get('Kafka topics')).toMatchObject({ status: 'failed', code: 'UT_KAFKA_PARTITIONS' });

    const denied = await findings(configOf('nobody'));
    expect(denied.get('Kafka rights')).toMatchObject({ status: 'failed', code: 'UT_KAFKA_AUTHORIZATION' });
    expect(denied.get('Kafka rights')?.detail).toContain('Write on topic undertone.emotions.v1.');
    expect(denied.get('Kafka transactions')?.status).toBe('ok');
  });

  test('the exit code is 1, and the remedy is printed', { timeout: LONG_MS }, async () => {
    const lines: string[] = [];
    const terminal = { colours: false, out: (text: string) => void lines.push(text), err: () => undefined };
    const settings = ['--set', `bus=${JSON.stringify(busOf('nobody'))}`, '--set', 'http.port=0'];
    const roles = ['--set', 'roles=["gateway","worker"]'];
    const code = await runCommandLine([...settings, ...roles, 'doctor', '--json'], terminal);
    expect(code).toBe(1);
    const results = JSON.parse(lines.join('')) as { name: string; status: string; remedy?: string }[];
    const rights = results.find(({ name }) => name === 'Kafka rights');
    expect(rights?.remedy).toContain('undertone topics acls');
  });

  test('records from the future tell of clocks that are apart', { timeout: LONG_MS }, async () => {
    const { audio } = configOf('operator').bus.topics;
    await broker().admin.send(audio.name, [{ key: 'CA1', value: 'x' }]);
    const slow = await findings(configOf('operator'), () => Date.now() - 60_000);
    expect(slow.get('Kafka clock')).toMatchObject({ status: 'warning' });
    expect((await findings(configOf('operator'))).get('Kafka clock')?.status).toBe('ok');
  });

  test('a cluster that is away', { timeout: LONG_MS }, async () => {
    const config = configSchema.parse({ bus: { kind: 'kafka', kafka: { brokers: ['127.0.0.1:9'] } } });
    const found = await findings(config);
    expect(found.get('Kafka brokers')).toMatchObject({ status: 'failed', code: 'UT_KAFKA_UNREACHABLE' });
  });
});

describeWith(['redis'], 'undertone doctor on a real Redis', () => {
  const rules = 'resetchannels ~undertone:* &undertone:*';
  const commands = '+set +del +publish +info +hello +auth +client|setname +select +get +scan +ping';
  const redis = sharedRedis({
    users: [
      { name: 'worker', password: 'secret', rules: `${rules} ${commands}` },
      { name: 'mute', password: 'secret', rules: `${rules} ${commands} -publish` },
    ],
    lines: ['maxmemory 100mb', 'maxmemory-policy volatile-ttl'],
  });
  const configOf = (username: string, password: string) =>
    configSchema.parse({
      redis: { enabled: true, port: redis().port, username, password },
      console: { source: 'redis' },
    });

  test('all is well with the rights that docs/redis.md lists', async () => {
    const found = await findings(configOf('worker', 'secret'));
    expect([...found.values()].map(({ name, status }) => [name, status])).toEqual([
      ['Redis', 'ok'],
      ['Redis rights', 'ok'],
      ['Redis memory and clock', 'ok'],
    ]);
  });

  test('a wrong password, a right that is missing, a server that is away, a clock that is wrong', async () => {
    const wrong = await findings(configOf('worker', 'wrong'));
    expect(wrong.get('Redis')).toMatchObject({ status: 'failed', code: 'UT_REDIS_AUTHENTICATION' });
    const mute = await findings(configOf('mute', 'secret'));
    expect(mute.get('Redis rights')).toMatchObject({ status: 'failed', code: 'UT_REDIS_DENIED' });
    expect(mute.get('Redis rights')?.detail).toContain('PUBLISH');
    const away = await findings(configSchema.parse({ redis: { enabled: true, port: 9 } }));
    expect(away.get('Redis')).toMatchObject({ status: 'failed', code: 'UT_REDIS_UNREACHABLE' });
    const late = await findings(configOf('worker', 'secret'), () => Date.now() - 60_000);
    expect(late.get('Redis memory and clock')).toMatchObject({ status: 'warning' });
  });
});

describe('undertone doctor on TLS files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-doctor-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const made = makeCertificates(folder);
  const DAY_MS = 86_400_000;

  async function finding(change: object, daysFromNow = 0) {
    const { caFile, certFile, keyFile } = made;
    const files = { section: 'bus.kafka.tls', code: 'UT_KAFKA_TLS_FILE', caFile, certFile, keyFile } as const;
    const nowMs = Date.now() + daysFromNow * DAY_MS;
    const [result] = await runChecks([tlsFilesCheck('TLS', { ...files, ...change }, nowMs)]);
    return result!;
  }

  test('good files that end soon are a warning, long before they end they are well', async () => {
    expect(await finding({})).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('expires in 1 days'),
    });
    const long = join(folder, 'long.crt');
    const options = ['-x509', '-key', made.keyFile, '-subj', '/CN=long', '-days', '365', '-out', long];
    execFileSync('openssl', ['req', '-new', ...options], { stdio: 'ignore' });
    const result = await finding({ caFile: long, certFile: long });
    expect(result).toMatchObject({ status: 'ok', detail: expect.stringContaining('the key fits') });
  });

  test('an expired certificate, one that is not valid yet, a foreign key, a file that is none', async () => {
    const code = 'UT_KAFKA_TLS_FILE';
    const ofCode = (detail: string) => ({ status: 'failed', code, detail: expect.stringContaining(detail) });
    expect(await finding({}, 3)).toMatchObject(ofCode('has expired'));
    expect(await finding({}, -2)).toMatchObject(ofCode('is not valid before'));
    expect(await finding({ keyFile: made.clientKeyFile })).toMatchObject(ofCode('is not the key of'));
    expect(await finding({ certFile: made.keyFile })).toMatchObject(ofCode('holds no certificate'));
    expect(await finding({ caFile: join(folder, 'absent') })).toMatchObject(ofCode("can't be read"));
    const broken = join(folder, 'broken.crt');
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(await finding({ caFile: broken })).toMatchObject(ofCode("can't be read"));
  });
});
