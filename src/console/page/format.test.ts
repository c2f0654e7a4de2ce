import { expect, test } from 'vitest';
import { clockOf, count, percent, shortId, signed, spanOf } from './format.js';

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [61_000, '1:01'],
  [3_600_000, '1:00:00'],
  [-5, '0:00'],
])('media time %d ms is %s', (ms, words) => expect(clockOf(ms)).toBe(words));

test.each([
  [400, '0 s'],
  [59_400, '59 s'],
  [120_000, '2 min'],
  [125_000, '2 min 5 s'],
])('%d ms last %s', (ms, words) => expect(spanOf(ms)).toBe(words));

test.each([
  [0.5, '+0.50'],
  [-0.256, '−0.26'],
  [-0.001, '0.00'],
  [0, '0.00'],
])('%d is written %s', (value, words) => expect(signed(value)).toBe(words));

test('percent is whole', () => expect(percent(0.678)).toBe('68 %'));

test('a long id keeps its two ends', () => {
  expect(shortId('CA0123456789abcdef0123')).toBe('CA012345…f0123');
  expect(shortId('mic-1234')).toBe('mic-1234');
});

test('a noun agrees with its number', () => {
  expect([count(0, 'call'), count(1, 'call'), count(2, 'call')]).toEqual(['0 calls', '1 call', '2 calls']);
});
