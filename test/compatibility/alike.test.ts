import { expect, test } from 'vitest';
import { alike, lacking } from './alike.js';

test('values are alike where only last decimals of numbers differ', () => {
  expect(alike({ a: [1, 0.5], b: 'x' }, { b: 'x', a: [1, 0.5001] })).toBe(true);
  expect(alike({ a: 0.5 }, { a: 0.501 })).toBe(false);
  expect(alike({ a: 'x' }, { a: 'y' })).toBe(false);
  expect(alike({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(alike(null, {})).toBe(false);
});

test('a field is lacking where it is gone or of another type, at any depth', () => {
  const earlier = { version: 1, legs: [['customer', { next: 4, hole: null }]], list: [{ a: 1 }, { a: 2 }] };
  expect(lacking(earlier, { ...earlier, more: true })).toEqual([]);
  expect(lacking(earlier, { ...earlier, legs: [], version: undefined })).toEqual([
    'state.version has another type',
  ]);
  expect(lacking(earlier, { version: 1, list: [] })).toEqual(['state has no legs']);
  expect(lacking(earlier, { ...earlier, legs: [['customer', { hole: 3 }]] })).toEqual([
    'state.legs.0.1 has no next',
  ]);
  expect(lacking(earlier, { ...earlier, list: [{ b: 1 }] })).toEqual(['state.list.0 has no a']);
});
