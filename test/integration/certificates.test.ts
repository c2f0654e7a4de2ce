import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { SILENT_CONSOLE_OBSERVER } from '../../src/console/observer.js';
import { RedisSource } from '../../src/console/redis-source.js';
import type { UndertoneError } from '../../src/errors.js';
import { LiveTls } from '../../src/tls-files.js';
import { eventually } from '../support/api.js';
import { redisConfig, startPublisher } from '../support/redis-bench.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';
import { type Certificates, makeCertificates, replaceCertificates } from '../support/servers/certificates.js';
import { guardedFolder } from '../support/servers/guard.js';

const LIMIT_MS = 10_000;

const clientFiles = ({ caFile, clientCertFile, clientKeyFile }: Certificates) => ({
  caFile,
  certFile: clientCertFile,
  keyFile: clientKeyFile,
});

describe('files that are replaced while the process runs', () => {
  const setUp = () => {
    const certificates = makeCertificates(guardedFolder('certificates'));
    const told: UndertoneError[] = [];
    const files = {
      section: 'bus.kafka.tls',
      code: 'UT_KAFKA_TLS_FILE',
      ...clientFiles(certificates),
    } as const;
    const tls = new LiveTls(files, (error) => told.push(error));
    return { certificates, files, told, tls };
  };

  test('are read for the next connection, and only what changed makes a new context', () => {
    const { certificates, told, tls } = setUp();
    const first = tls.secureContext;
    expect(tls.secureContext).toBe(first);
    replaceCertificates(certificates, makeCertificates(guardedFolder('certificates')));
    const second = tls.secureContext;
    expect(second).not.toBe(first);
    expect(tls.secureContext).toBe(second);
    expect(told).toEqual([]);
  });

  test.each([
    ['half an authority', ({ caFile }: Certificates) => cut(caFile)],
    ['half a certificate', ({ clientCertFile }: Certificates) => cut(clientCertFile)],
    ['half a key', ({ clientKeyFile }: Certificates) => cut(clientKeyFile)],
    ['an empty file', ({ caFile }: Certificates) => writeFileSync(caFile, '')],
    [
      'the key of another',
      ({ keyFile, clientKeyFile }: Certificates) => copyFileSync(keyFile, clientKeyFile),
    ],
  ])('are kept as they were where there is %s, which is said once', (_, spoil) => {
    const { certificates, told, tls } = setUp();
    const first = tls.secureContext;
    const whole = Object.values(certificates).map((file: string) => [file, readFileSync(file)] as const);
    spoil(certificates);
    expect(tls.secureContext).toBe(first);
    expect(tls.secureContext).toBe(first);
    expect(told).toMatchObject([{ code: 'UT_KAFKA_TLS_FILE', place: 'bus.kafka.tls' }]);
    for (const [file, bytes] of whole) writeFileSync(file, bytes);
    expect(tls.secureContext).toBe(first);
    spoil(certificates);
    expect(tls.secureContext).toBe(first);
    expect(told).toHaveLength(2);
  });

  test('stop the start where they can not be used then', () => {
    const { files } = setUp();
    const missing = { ...files, keyFile: join(guardedFolder('certificates'), 'none.key') };
    expect(() => new LiveTls(missing, () => undefined)).toThrow('UT_KAFKA_TLS_FILE');
  });
});

function cut(file: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.length / 2));
}

describeWith(['redis'], 'Redis whose certificates are renewed', () => {
  const ends: (() => unknown)[] = [];
  const server = async (): Promise<RedisServer> => {
    const redis = await startRedis({ tls: true });
    ends.push(() => redis.stop());
    return redis;
  };
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  test('takes the publisher back, which a certificate of before would not have opened', async () => {
    const redis = await server();
    const files = clientFiles(redis.certificates!);
    const { publisher, record, until } = await startPublisher({
      port: redis.port,
      tls: { enabled: true, ...files },
    });
    ends.push(() => publisher.close(0));
    await until(({ isUp }) => isUp);
    await redis.renewCertificates();
    await until(({ connections, isUp }) => connections === 2 && isUp);
    expect(record.counts).not.toHaveProperty('kept UT_REDIS_TLS');
  });

  test('has the publisher back with what it held before, while one of its files is half written', async () => {
    const redis = await server();
    const { clientCertFile, ...others } = redis.certificates!;
    const certFile = `${clientCertFile}.copy`;
    copyFileSync(clientCertFile, certFile);
    const tls = { enabled: true, caFile: others.caFile, certFile, keyFile: others.clientKeyFile };
    const { publisher, record, until } = await startPublisher({ port: redis.port, tls });
    ends.push(() => publisher.close(0));
    await until(({ isUp }) => isUp);
    cut(certFile);
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'normal');
    await until(({ connections, isUp }) => connections === 2 && isUp);
    expect(record.counts['kept UT_REDIS_TLS']).toBe(1);
  });

  test('takes the console back, states and subscription', async () => {
    const redis = await server();
    const changes: boolean[] = [];
    const source = new RedisSource({
      config: redisConfig({ port: redis.port, tls: { enabled: true, ...clientFiles(redis.certificates!) } }),
      clock: systemClock,
      observer: { ...SILENT_CONSOLE_OBSERVER, sourceChanged: (up) => void changes.push(up) },
      onEvent: () => undefined,
    });
    ends.push(() => source.close());
    await source.start();
    await eventually(
      async () => changes,
      (seen) => seen.length === 1,
      LIMIT_MS,
    );
    await redis.renewCertificates();
    await eventually(
      async () => changes,
      (seen) => seen.length === 3,
      LIMIT_MS,
    );
    expect(changes).toEqual([true, false, true]);
  });
});
