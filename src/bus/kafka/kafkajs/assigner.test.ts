import fc from 'fast-check';
import { expect, test } from 'vitest';
import { share } from './assigner.js';

test('partitions stay where they are, and a newcomer gets its share', () => {
  const claims = [
    { memberId: 'a', owned: [0, 1, 2, 3] },
    { memberId: 'b', owned: [] },
  ];
  const owners = share(4, claims);
  expect(owners.filter((owner) => owner === 'a')).toHaveLength(2);
  expect(owners.filter((owner) => owner === 'b')).toHaveLength(2);
});

test('every partition has one owner, shares differ by one, and a second look changes nothing', () => {
  const claims = fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 })
    .chain((ids) =>
      fc.tuple(
        ...ids.map((memberId) => fc.record({ memberId: fc.constant(memberId), owned: fc.array(fc.nat(15)) })),
      ),
    );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), claims, (partitions, members) => {
      const owners = share(partitions, members);
      expect(owners).toHaveLength(partitions);
      const ownedBy = (id: string) => [...owners.keys()].filter((partition) => owners[partition] === id);
      const sizes = members.map(({ memberId }) => ownedBy(memberId).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      const settled = members.map(({ memberId }) => ({ memberId, owned: ownedBy(memberId) }));
      expect(share(partitions, settled)).toEqual(owners);
    }),
  );
});
