import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { UndertoneError } from '../errors.js';
import { createEventLog } from './event-log.js';
import { LOG_EVENTS } from './log-events.js';
import { createLogger } from './logger.js';
import { createMetrics, METRICS } from './metrics/index.js';

function capture(level: 'debug' | 'error' = 'debug') {
  const lines: string[] = [];
  const registry = new Registry();
  const logger = createLogger({ level }, { write: (line) => void lines.push(line) });
  const events = createEventLog(logger, createMetrics(registry));
  return { lines, events, metrics: () => registry.metrics() };
}

test('a line has the level and the words of its event, and the fields that differ', () => {
  const { lines, events } = capture();
  events.report('partition-taken-over', { partition: 3, calls: 2 });
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'info',
    event: 'partition-taken-over',
    msg: 'a partition was taken over',
    partition: 3,
  });
});

test('an error is counted by its code, whether or not its line is written', async () => {
  const { lines, events, metrics } = capture('error');
  events.report('kafka-failed', { err: new UndertoneError('UT_KAFKA_UNREACHABLE', 'nobody answered.') });
  events.report('kafka-failed', { err: new Error('unforeseen') });
  events.report('feed-refused', { code: 'UT_INGEST_BAD_TOKEN' });
  expect(lines).toEqual([]);
  const text = await metrics();
  for (const code of ['UT_KAFKA_UNREACHABLE', 'UT_INTERNAL', 'UT_INGEST_BAD_TOKEN'])
    expect(text).toContain(`undertone_errors_total{code="${code}"} 1`);
});

test('what is no code of the catalogue becomes no label', async () => {
  const { events, metrics } = capture();
  events.report('kafka-client', { code: 'ECONNRESET by +4930123456' });
  expect(await metrics()).not.toContain('ECONNRESET');
});

test('every event says what to do, and which metrics count it', () => {
  for (const [name, { message, remedy, metrics }] of Object.entries(LOG_EVENTS)) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(message, name).toMatch(/^\S.{8,}[^.]$/);
    expect(remedy, name).toMatch(/\.$/);
    for (const metric of metrics) expect(METRICS, name).toHaveProperty(metric);
  }
});
