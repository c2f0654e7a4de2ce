import { expect, test } from 'vitest';
import { assertOwnOrigin } from './origin-guard.js';

const ask = (host?: string, origin?: string) => () =>
  assertOwnOrigin({ host, origin }, ['Console.example.com']);

test.each([
  'localhost',
  'localhost:8080',
  '127.0.0.1:8080',
  '[::1]:8080',
  '192.168.1.20',
  'console.example.com:443',
])('the host %s is served', (host) => {
  expect(ask(host)).not.toThrow();
});

test.each([
  undefined,
  '',
  'attacker.example',
  'localhost.attacker.example:8080',
  'console.example.com.evil',
  'a b',
  ':80',
])('the host %s is not served: a rebound name must not reach the console', (host) => {
  expect(ask(host)).toThrow('UT_CONSOLE_FORBIDDEN_HOST');
});

test.each(['http://localhost:8080', 'https://localhost:8080'])(
  'the page of the same host may ask: %s',
  (origin) => {
    expect(ask('localhost:8080', origin)).not.toThrow();
  },
);

test.each(['http://localhost:9999', 'http://attacker.example', 'null', '', 'http://127.0.0.1:8080'])(
  'the page of another origin may not: %s',
  (origin) => {
    expect(ask('localhost:8080', origin)).toThrow('UT_CONSOLE_FORBIDDEN_ORIGIN');
  },
);
