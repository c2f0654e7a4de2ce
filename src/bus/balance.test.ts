import fc from 'fast-check';
import { expect, it } from 'vitest';
import { balance } from './balance.js';

const scenario = fc.record({
  owners: fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }), { maxLength: 24 }),
  members: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 10 }),
});

it('gives all partitions to members, in shares that differ by one at most', () => {
  fc.assert(
    fc.property(scenario, ({ owners, members }) => {
      const target = balance(owners, members);
      if (members.length === 0) return target.every((owner) => owner === undefined);
      const shares = members.map((member) => target.filter((owner) => owner === member).length);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(owners.length);
      return Math.max(...shares) - Math.min(...shares) <= 1;
    }),
  );
});

it('moves nothing when shares are already even', () => {
  fc.assert(
    fc.property(scenario, ({ owners, members }) => {
      const settled = balance(owners, members);
      expect(balance(settled, members)).toEqual(settled);
    }),
  );
});

it('takes no more from a member than the newcomer needs', () => {
  expect(balance(['a', 'a', 'a', 'a'], ['a', 'b'])).toEqual(['a', 'a', 'b', 'b']);
});
