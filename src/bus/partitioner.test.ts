import fc from 'fast-check';
import { expect, it } from 'vitest';
import { murmur2, partitionOfKey } from './partitioner.js';

// The vectors of Kafka's own UtilsTest.testMurmur2.
it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2(%s) is %i', (text, hash) => {
  expect(murmur2(new TextEncoder().encode(text))).toBe(hash);
});

it('gives a partition that exists, always the same', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 1000 }), (key, count) => {
      const partition = partitionOfKey(key, count);
      expect(partition).toBe(partitionOfKey(key, count));
      expect(Number.isInteger(partition) && partition >= 0 && partition < count).toBe(true);
    }),
  );
});
