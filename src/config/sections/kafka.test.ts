import { expect, test } from 'vitest';
import { UndertoneError } from '../../errors.js';
import { loadConfig } from '../load.js';
import { printConfig } from '../print.js';

function load(yaml: string) {
  return loadConfig({ environment: {}, readFile: () => yaml, file: 'undertone.yaml' });
}

function refusal(kafka: string): string {
  try {
    load(`bus: {kind: kafka, kafka: {${kafka}}}`);
  } catch (error) {
    if (error instanceof UndertoneError) return error.message;
    throw error;
  }
  throw new Error('expected the configuration to be refused');
}

test('with Kafka, gateway and worker may be processes of their own', () => {
  const { config } = load('{bus: {kind: kafka}, roles: [worker]}');
  expect(config.bus.kafka).toMatchObject({
    driver: 'kafkajs',
    brokers: ['127.0.0.1:9092'],
    transactions: true,
  });
});

test('a worker must be able to let go of a partition before it has lost it', () => {
  expect(refusal('drainTimeoutMs: 10000')).toMatch(
    /UT_CONFIG_CONTRADICTION[\s\S]*bus\.kafka\.drainTimeoutMs/,
  );
});

test('kafkajs knows no static membership', () => {
  expect(refusal('instanceId: worker-1')).toMatch(/bus\.kafka\.instanceId[\s\S]*node-rdkafka/);
});

test('a mechanism needs its credentials, a certificate its key', () => {
  expect(refusal('sasl: {mechanism: PLAIN, username: ut}')).toMatch(/bus\.kafka\.sasl\.password[\s\S]*PLAIN/);
  expect(refusal('sasl: {mechanism: OAUTHBEARER, clientId: ut}')).toMatch(/tokenEndpoint[\s\S]*clientSecret/);
  expect(refusal('tls: {enabled: true, certFile: a.pem}')).toMatch(/certFile and keyFile/);
  expect(refusal('brokers: ["no port"]')).toMatch(/must be host:port/);
});

test('passwords are not printed', () => {
  const sasl = '{mechanism: SCRAM-SHA-512, username: ut, password: unheard-of}';
  const printed = printConfig(load(`bus: {kind: kafka, kafka: {sasl: ${sasl}, driverOptions: {rackId: a}}}`));
  expect(printed).toContain('rackId');
  expect(printed).not.toContain('unheard-of');
});
