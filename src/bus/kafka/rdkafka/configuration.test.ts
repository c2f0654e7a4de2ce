import { describe, expect, it } from 'vitest';
import type { KafkaClientOptions } from '../client-options.js';
import {
  clientConfiguration,
  consumerConfiguration,
  memberConfiguration,
  producerConfiguration,
  refuseLacking,
  transactionConfiguration,
} from './configuration.js';

const HERE = import.meta.filename;
const OPTIONS: KafkaClientOptions = {
  brokers: ['a:9092', 'b:9092'],
  clientId: 'undertone',
  tls: null,
  sasl: null,
  sessionTimeoutMs: 6_000,
  transactionTimeoutMs: 30_000,
  driverOptions: {},
  onLog: () => undefined,
  onTlsFilesKept: () => undefined,
};
const NO_FILES = { caFile: null, certFile: null, keyFile: null, keyPassphrase: null };
const PLAIN = { mechanism: 'PLAIN', username: 'u', password: 'p' } as const;

describe('configuration of librdkafka', () => {
  it.each([
    [{}, 'plaintext'],
    [{ tls: NO_FILES }, 'ssl'],
    [{ sasl: PLAIN }, 'sasl_plaintext'],
    [{ tls: NO_FILES, sasl: PLAIN }, 'sasl_ssl'],
  ])('names the security protocol of %o', (transport, expected) => {
    expect(clientConfiguration({ ...OPTIONS, ...transport })).toMatchObject({
      'metadata.broker.list': 'a:9092,b:9092',
      'client.id': 'undertone',
      'security.protocol': expected,
    });
  });

  it('hands over credentials and files', () => {
    const tls = { caFile: HERE, certFile: HERE, keyFile: HERE, keyPassphrase: 'secret' };
    const sasl = { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' } as const;
    expect(clientConfiguration({ ...OPTIONS, tls, sasl })).toMatchObject({
      'ssl.ca.location': HERE,
      'ssl.certificate.location': HERE,
      'ssl.key.location': HERE,
      'ssl.key.password': 'secret',
      'sasl.mechanisms': 'SCRAM-SHA-512',
      'sasl.username': 'u',
      'sasl.password': 'p',
    });
  });

  it('names a file that cannot be read', () => {
    const tls = { ...NO_FILES, caFile: '/nowhere/ca.pem' };
    expect(() => clientConfiguration({ ...OPTIONS, tls })).toThrowError(
      expect.objectContaining({ code: 'UT_KAFKA_TLS_FILE', place: '/nowhere/ca.pem' }),
    );
  });

  it('leaves no secret of OAuth to librdkafka', () => {
    const sasl = {
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: 'https://id.example/token',
      clientId: 'c',
      clientSecret: 's',
      scope: null,
    } as const;
    const configuration = clientConfiguration({ ...OPTIONS, sasl });
    expect(configuration).toMatchObject({ 'sasl.mechanisms': 'OAUTHBEARER' });
    expect(Object.values(configuration)).not.toContain('s');
  });

  it('lets driver options win, but over what the driver is built on', () => {
    const driverOptions = {
      'linger.ms': 20,
      'socket.nagle.disable': false,
      'enable.auto.commit': true,
      'enable.idempotence': false,
      'partition.assignment.strategy': 'range',
    };
    const options = { ...OPTIONS, driverOptions };
    expect(producerConfiguration(options)).toMatchObject({
      'linger.ms': 20,
      'socket.nagle.disable': false,
      'enable.idempotence': true,
    });
    expect(memberConfiguration(options, 'g', null, '2.0.2')).toMatchObject({
      'enable.auto.commit': false,
      'isolation.level': 'read_committed',
      'partition.assignment.strategy': 'cooperative-sticky',
    });
  });

  it('beats well within the session time-out', () => {
    const beat = (sessionTimeoutMs: number): unknown =>
      memberConfiguration({ ...OPTIONS, sessionTimeoutMs }, 'g', null, '2.0.2')['heartbeat.interval.ms'];
    expect([600, 1_200, 6_000, 45_000].map(beat)).toEqual([100, 200, 300, 300]);
  });

  it('is static only with an instance id', () => {
    expect(memberConfiguration(OPTIONS, 'g', 'one', '2.0.2')).toMatchObject({ 'group.instance.id': 'one' });
    expect(memberConfiguration(OPTIONS, 'g', null, '2.0.2')).not.toHaveProperty('group.instance.id');
  });

  it('sets only what the version knows', () => {
    const backOff = (version: string): unknown =>
      consumerConfiguration(OPTIONS, 'g', version)['fetch.queue.backoff.ms'];
    expect(['1.9.2', '2.0.2', '2.2.0', '2.12.0', '3.0.0'].map(backOff)).toEqual([
      undefined,
      undefined,
      5,
      5,
      5,
    ]);
  });

  it('refuses SCRAM where librdkafka speaks it in the old way', () => {
    const sasl = { mechanism: 'SCRAM-SHA-256', username: 'u', password: 'p' } as const;
    for (const version of ['2.0.2', '2.6.0']) {
      expect(() => refuseLacking({ ...OPTIONS, sasl }, version)).toThrowError(
        expect.objectContaining({ code: 'UT_KAFKA_DRIVER_LACKS', place: 'bus.kafka.sasl' }),
      );
    }
    for (const version of ['2.6.1', '2.12.0'])
      expect(() => refuseLacking({ ...OPTIONS, sasl }, version)).not.toThrow();
    expect(() => refuseLacking({ ...OPTIONS, sasl: PLAIN }, '2.0.2')).not.toThrow();
  });

  it('gives each transactional client its id and the time-out', () => {
    expect(transactionConfiguration(OPTIONS, 'g/calls/3')).toMatchObject({
      'transactional.id': 'g/calls/3',
      'transaction.timeout.ms': 30_000,
      'enable.idempotence': true,
    });
  });
});
