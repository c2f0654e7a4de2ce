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

test('phone numbers are masked in every text, in errors and their stacks too', () => {
  const { lines, logger } = capture('info');
  const cause = new Error('call +49 30 1234567 is not known');
  logger.info({ callId: 'sip:+4930123456@host', err: new Error('call 4930123456 broke', { cause }) }, 'gone');
  expect(lines[0]).toContain('sip:***56@host');
  expect(lines[0]).not.toMatch(/4930123456|1234567/);
});

test('an id that was made here is left as it is', () => {
  const { lines, logger } = capture('info');
  const feedId = 'generic-12345678-1234-4234-8234-123456789012';
  logger.info({ feedId }, 'opened');
  expect(lines[0]).toContain(feedId);
});
