import { expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { topicDefinitionsOf } from './topic-definitions.js';

const definitionsOf = (bus: object) => topicDefinitionsOf(configSchema.parse({ bus }));

function settingsOf(bus: object, topic: string) {
  return definitionsOf(bus).find(({ name }) => name === `undertone.${topic}.v1`)?.settings;
}

test('all topics have the same number of partitions and copies, and the clock of the broker', () => {
  const definitions = definitionsOf({ partitions: 12, kafka: { replicationFactor: 2 } });
  expect(definitions).toHaveLength(5);
  for (const { partitions, replicationFactor, settings } of definitions) {
    expect({ partitions, replicationFactor }).toEqual({ partitions: 12, replicationFactor: 2 });
    expect(settings['message.timestamp.type']).toBe('LogAppendTime');
  }
});

test.each([
  [1, '1'],
  [2, '1'],
  [3, '2'],
  [5, '3'],
])('of %d copies %s must confirm, so that one broker may be away', (replicationFactor, wanted) => {
  expect(settingsOf({ kafka: { replicationFactor } }, 'audio')?.['min.insync.replicas']).toBe(wanted);
});

test('audio is kept for a quarter of an hour, in files that close often enough to be deleted by then', () => {
  expect(settingsOf({}, 'audio')).toMatchObject({
    'cleanup.policy': 'delete',
    'retention.ms': '900000',
    'segment.ms': '300000',
  });
});

test('calls are compacted; with a retention also deleted, never deleted alone', () => {
  expect(settingsOf({}, 'calls')).toMatchObject({ 'cleanup.policy': 'compact' });
  expect(settingsOf({}, 'calls')).not.toHaveProperty(['retention.ms']);
  const callsMs = 90 * 86_400_000;
  expect(settingsOf({ kafka: { retention: { callsMs } } }, 'calls')).toMatchObject({
    'cleanup.policy': 'compact,delete',
    'retention.ms': String(callsMs),
  });
});

test('the tombstone of a call outlives its dead letters', () => {
  const deadLettersMs = 10 * 86_400_000;
  const kafka = { retention: { deadLettersMs } };
  expect(settingsOf({ kafka }, 'calls')?.['delete.retention.ms']).toBe(String(deadLettersMs));
});

test('topics take records as large as the bus sends', () => {
  expect(settingsOf({}, 'emotions')?.['max.message.bytes']).toBe('1048588');
  expect(settingsOf({ kafka: { maxRecordBytes: 2_000_000 } }, 'audio')?.['max.message.bytes']).toBe(
    '2048588',
  );
});
