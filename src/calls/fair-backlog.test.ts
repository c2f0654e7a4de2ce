import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusRecord } from '../bus/index.js';
import { FairBacklog } from './fair-backlog.js';

const record = (key: string, offset: number): BusRecord => ({
  topic: 'audio',
  partition: 0,
  offset,
  key,
  value: null,
  headers: {},
  timestampMs: 0,
});

const log = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 300 })
  .map((keys) => keys.map((key, offset) => record(key, offset)));

describe('the backlog of a partition', () => {
  it('gives each record once, those of a call in order, and knows the oldest that is left', () => {
    fc.assert(
      fc.property(log, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (records, takes) => {
        const backlog = new FairBacklog();
        backlog.push(records);
        const left = new Set(records);
        const lastOf = new Map<string, number>();
        for (let i = 0; backlog.size > 0; i++) {
          expect(backlog.oldestOffset).toBe(Math.min(...[...left].map(({ offset }) => offset)));
          for (const taken of backlog.take(takes[i % takes.length]!)) {
            expect(left.delete(taken)).toBe(true);
            expect(taken.offset).toBeGreaterThan(lastOf.get(taken.key) ?? -1);
            lastOf.set(taken.key, taken.offset);
          }
        }
        expect(left.size).toBe(0);
        expect(backlog.oldestOffset).toBeNull();
      }),
    );
  });

  it('lets a call with little through a torrent of another', () => {
    const backlog = new FairBacklog();
    backlog.push(Array.from({ length: 1000 }, (_, n) => record('torrent', n)));
    backlog.push([record('quiet', 1000)]);
    expect(backlog.take(32).map(({ key }) => key)).toContain('quiet');
  });
});
