import { describe, expect, it } from 'vitest';
import { UndertoneError } from '../../../errors.js';
import { areAllDown, fromRdkafka, isAftermath, isFatal, isStaleGeneration, mendsItself } from './errors.js';

const native = (code: number, message = 'text') => ({ code, message });

describe('errors of node-rdkafka', () => {
  it.each([
    [10, 'UT_BUS_RECORD_TOO_LARGE', false],
    [18, 'UT_BUS_RECORD_TOO_LARGE', false],
    [-144, 'UT_BUS_FENCED', true],
    [22, 'UT_BUS_FENCED', true],
    [25, 'UT_BUS_FENCED', true],
    [47, 'UT_BUS_FENCED', true],
    [82, 'UT_BUS_FENCED', true],
    [90, 'UT_BUS_FENCED', true],
    [3, 'UT_KAFKA_TOPIC_MISSING', true],
    [-188, 'UT_KAFKA_TOPIC_MISSING', true],
    [-190, 'UT_KAFKA_TOPIC_MISSING', true],
    [-169, 'UT_KAFKA_AUTHENTICATION', false],
    [-181, 'UT_KAFKA_AUTHENTICATION', false],
    [58, 'UT_KAFKA_AUTHENTICATION', false],
    [29, 'UT_KAFKA_AUTHORIZATION', false],
    [30, 'UT_KAFKA_AUTHORIZATION', false],
    [53, 'UT_KAFKA_AUTHORIZATION', false],
    [-195, 'UT_KAFKA_UNREACHABLE', true],
    [-185, 'UT_KAFKA_UNREACHABLE', true],
    [-187, 'UT_KAFKA_UNREACHABLE', true],
    [-193, 'UT_KAFKA_UNREACHABLE', true],
    [45, 'UT_KAFKA_FAILED', true],
    [-172, 'UT_KAFKA_FAILED', true],
  ])('gives code %i of librdkafka as %s', (code, expected, retriable) => {
    const error = fromRdkafka(native(code), 'calls');
    expect(error).toMatchObject({ code: expected, retriable, place: 'calls' });
  });

  it.each([
    ['broker: message size too large', 'UT_BUS_RECORD_TOO_LARGE'],
    ['unknown topic or partition', 'UT_KAFKA_TOPIC_MISSING'],
    ['Local: Unknown partition', 'UT_KAFKA_TOPIC_MISSING'],
    ['local: authentication failure', 'UT_KAFKA_AUTHENTICATION'],
    ['SASL Authentication failed', 'UT_KAFKA_AUTHENTICATION'],
    ['broker transport failure', 'UT_KAFKA_UNREACHABLE'],
    ['all broker connections are down', 'UT_KAFKA_UNREACHABLE'],
    ['topic authorization failed', 'UT_KAFKA_AUTHORIZATION'],
    ['This instance has been fenced by a newer instance', 'UT_BUS_FENCED'],
  ])('reads what came as text alone: %s', (text, expected) => {
    expect(fromRdkafka(native(-1, text), 'calls').code).toBe(expected);
  });

  it('keeps the cause, and what is no error of node-rdkafka', () => {
    const cause = native(-195, 'Local: Broker transport failure');
    expect(fromRdkafka(cause, 'calls').cause).toBe(cause);
    expect(fromRdkafka(cause, 'calls').detail).toBe('Local: Broker transport failure.');
    expect(fromRdkafka('odd', 'calls')).toMatchObject({ code: 'UT_KAFKA_FAILED', detail: 'odd.' });
    const own = new UndertoneError('UT_BUS_CLOSED', 'it is closed.');
    expect(fromRdkafka(own, 'calls')).toBe(own);
  });

  it('tells an old generation, an aftermath and a fatal error', () => {
    expect([22, 25, 27, -144].map((code) => isStaleGeneration(native(code)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(isAftermath({ ...native(-172), isTxnRequiresAbort: true })).toBe(true);
    expect(isAftermath(native(-172))).toBe(false);
    expect(isFatal(native(-150))).toBe(true);
    expect(isFatal(native(-1, 'Local: Fatal error'))).toBe(true);
    expect(isFatal(native(-195))).toBe(false);
  });

  it('knows the event that no broker can be reached', () => {
    expect(areAllDown(native(-1, 'all broker connections are down'))).toBe(true);
    expect(areAllDown(native(-1, 'broker transport failure'))).toBe(false);
  });

  it('leaves to librdkafka what it tries again by itself', () => {
    expect([-195, -185, -147, 15, 16].every((code) => mendsItself(native(code)))).toBe(true);
    expect([3, 29, -150, 82].some((code) => mendsItself(native(code)))).toBe(false);
  });
});
