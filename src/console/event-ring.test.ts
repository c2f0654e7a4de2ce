import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventRing } from './event-ring.js';

const erased = (callId: string) => ({ kind: 'erased', value: { callId } }) as const;

function filled(events: number, maxEvents = 100, maxBytes = 1_000_000): EventRing {
  const ring = new EventRing('run', maxEvents, maxBytes);
  for (let i = 1; i <= events; i++) ring.push(erased(`call-${i}`));
  return ring;
}

function callsAfter(ring: EventRing, id: string): string[] | string {
  const missed = ring.after(id);
  return missed.ok ? missed.entries.map((entry) => entry.callId) : missed.reason;
}

test('what came after an id is resumed, and nothing else', () => {
  expect(callsAfter(filled(5), 'run-3')).toEqual(['call-4', 'call-5']);
});

test('whoever is up to date misses nothing', () => {
  const ring = filled(5);
  expect(callsAfter(ring, ring.lastId)).toEqual([]);
});

test('an empty ring is resumed from its beginning', () => {
  const ring = filled(0);
  expect(callsAfter(ring, ring.lastId)).toEqual([]);
  ring.push(erased('first'));
  expect(callsAfter(ring, 'run-0')).toEqual(['first']);
});

test('an id whose successors are no longer held is too old', () => {
  const ring = filled(10, 4);
  expect(callsAfter(ring, 'run-5')).toBe('too-old');
  expect(callsAfter(ring, 'run-6')).toEqual(['call-7', 'call-8', 'call-9', 'call-10']);
});

test.each(['other-3', 'run-9', 'run-x', 'run-', '', '3', 'run-1.5'])(
  '"%s" is an id of no event of this run',
  (id) => {
    expect(callsAfter(filled(5), id)).toBe('restarted');
  },
);

test('bytes are bounded as well as events', () => {
  const ring = filled(50, 100, 2000);
  expect(callsAfter(ring, 'run-0')).toBe('too-old');
  expect(callsAfter(ring, 'run-49')).toEqual(['call-50']);
});

test('whenever resumption succeeds it is complete', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.nat(60), (events, maxEvents, from) => {
      const missed = filled(events, maxEvents).after(`run-${from}`);
      if (missed.ok) expect(missed.entries.map((entry) => entry.seq)).toEqual(range(from + 1, events));
      else expect(from > events || from < events - maxEvents).toBe(true);
    }),
  );
});

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
