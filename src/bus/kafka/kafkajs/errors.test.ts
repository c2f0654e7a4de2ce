import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { expect, test } from 'vitest';
import { UndertoneError } from '../../../errors.js';
import { fromKafkajs } from './errors.js';

const answer = (type: string, retriable = false) =>
  new KafkaJSProtocolError({ type, message: `the broker says ${type}`, retriable } as never);

const exceeded = (cause: Error) =>
  new KafkaJSNumberOfRetriesExceeded(cause as never, { retryCount: 5, retryTime: 1 });

test.each([
  ['MESSAGE_TOO_LARGE', 'UT_BUS_RECORD_TOO_LARGE', false],
  ['PRODUCER_FENCED', 'UT_BUS_FENCED', true],
  ['INVALID_PRODUCER_EPOCH', 'UT_BUS_FENCED', true],
  ['ILLEGAL_GENERATION', 'UT_BUS_FENCED', true],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'UT_KAFKA_TOPIC_MISSING', true],
  ['TOPIC_AUTHORIZATION_FAILED', 'UT_KAFKA_AUTHORIZATION', false],
  ['SASL_AUTHENTICATION_FAILED', 'UT_KAFKA_AUTHENTICATION', false],
  ['NOT_ENOUGH_REPLICAS', 'UT_KAFKA_FAILED', true],
])('what the broker calls %s is %s', (type, code, retriable) => {
  expect(fromKafkajs(answer(type), 'topic')).toMatchObject({ code, retriable, place: 'topic' });
  expect(fromKafkajs(exceeded(answer(type)), 'topic')).toMatchObject({ code, retriable });
});

test('what never reached a broker is told from what it refused', () => {
  const refused = new KafkaJSConnectionError('connect ECONNREFUSED', { broker: '127.0.0.1:1' });
  expect(fromKafkajs(exceeded(refused), 'a:1')).toMatchObject({
    code: 'UT_KAFKA_UNREACHABLE',
    retriable: true,
  });
  const distrusted = new KafkaJSConnectionError(
    'Connection error: self-signed certificate in certificate chain',
  );
  expect(fromKafkajs(distrusted, 'a:1')).toMatchObject({ code: 'UT_KAFKA_AUTHENTICATION', retriable: false });
  const unknown = Object.assign(new Error('SASL PLAIN failed'), { name: 'KafkaJSSASLAuthenticationError' });
  expect(fromKafkajs(unknown, 'a:1').code).toBe('UT_KAFKA_AUTHENTICATION');
});

test("Undertone's own errors pass, anything else is kept as the cause", () => {
  const own = new UndertoneError('UT_BUS_CLOSED', 'closed.');
  expect(fromKafkajs(own, 'a')).toBe(own);
  const strange = new TypeError('x is not a function');
  expect(fromKafkajs(strange, 'a')).toMatchObject({ code: 'UT_KAFKA_FAILED', cause: strange });
});
