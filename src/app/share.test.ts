import { expect, test } from 'vitest';
import { isInShare } from './share.js';

const ids = Array.from({ length: 4000 }, (_, n) => `call-${n}`);
const chosen = (share: number) => ids.filter((id) => isInShare(id, share));

test('a share holds about so many calls, none at 0 and all at 1', () => {
  expect(chosen(0)).toEqual([]);
  expect(chosen(1)).toEqual(ids);
  expect(chosen(0.1).length / ids.length).toBeCloseTo(0.1, 1);
});

test('a larger share holds every call of a smaller one', () => {
  const larger = new Set(chosen(0.3));
  expect(chosen(0.1).every((id) => larger.has(id))).toBe(true);
});
