import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Publication } from './publication.js';
import { PublicationQueue } from './publication-queue.js';

type Kind = 'point' | 'alert';

function publication(kind: Kind, n: number): Publication {
  return new Publication({ kind, value: { callId: `call-${n % 3}`, n } } as never, n);
}

const numbersOf = (items: readonly Publication[]): number[] => items.map(({ toldAtMs }) => toldAtMs);

test('alerts go first, each kind in order, and what does not fit is the oldest of its lane', () => {
  const queue = new PublicationQueue(2);
  const lost = [1, 2, 3].map((n) => queue.push(publication('point', n)));
  queue.push(publication('alert', 4));
  expect(lost.map((item) => item?.toldAtMs)).toEqual([undefined, undefined, 1]);
  expect(numbersOf(queue.take(2))).toEqual([4, 2]);
  expect(numbersOf(queue.take(2))).toEqual([3]);
  expect(queue.length).toBe(0);
});

test('whatever is done to it, it holds what two bounded lists would hold', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ push: fc.constantFrom<Kind>('point', 'alert') }) },
    fc.record({ take: fc.nat(5) }),
    fc.record({ remove: fc.nat(2) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new PublicationQueue(7);
      const model: Record<Kind, Publication[]> = { alert: [], point: [] };
      for (const [n, action] of steps.entries()) {
        if ('push' in action) {
          const item = publication(action.push, n);
          const lane = model[action.push];
          lane.push(item);
          expect(queue.push(item)).toBe(lane.length > 7 ? lane.shift() : undefined);
        } else if ('take' in action) {
          const alerts = model.alert.splice(0, action.take);
          const points = model.point.splice(0, action.take - alerts.length);
          expect(queue.take(action.take)).toEqual([...alerts, ...points]);
        } else {
          const callId = `call-${action.remove}`;
          queue.remove(callId);
          for (const kind of ['alert', 'point'] as const)
            model[kind] = model[kind].filter((item) => item.callId !== callId);
        }
        expect(queue.length).toBe(model.alert.length + model.point.length);
      }
    }),
  );
});
