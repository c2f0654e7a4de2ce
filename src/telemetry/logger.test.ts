import { expect, test } from 'vitest';
import { createLogger } from './logger.js';

function capture(level: 'info' | 'warn') {
  const lines: string[] = [];
  return { lines, logger: createLogger({ level }, { write: (line) => void lines.push(line) }) };
}

test('an entry is one line of JSON with a level in words', () => {
  const { lines, logger } = capture('info');
  logger.child({ part: 'gateway' }).info({ feeds: 2 }, 'ready');
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', part: 'gateway', feeds: 2, msg: 'ready' });
});

test('entries below the level are not written', () => {
  const { lines, logger } = capture('warn');
  logger.info('ready');
  expect(lines).toEqual([]);
});

test('tokens, phone numbers and dialled digits never reach the log', () => {
  const { lines, logger } = capture('info');
  logger.info({ token: 'abc', start: { from: '+4930', to: '+4931', digits: 'DTMF' } }, 'started');
  expect(lines[0]).not.toMatch(/abc|\+49|DTMF/);
});
