import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameRing } from './frame-ring.js';

const row = (i: number) => Float32Array.of(i, -i);

describe('FrameRing', () => {
  it('behaves like the tail of the longest unbroken run of frames', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 }), (steps) => {
        const ring = new FrameRing(5, 2);
        let run: number[] = [];
        let index = -1;
        for (const step of steps) {
          index += step;
          run = step === 1 ? [...run, index] : [index];
          ring.push(index, row(index));
          const kept = run.slice(-5);
          const out = new Float32Array(kept.length * 2);
          expect(ring.present).toEqual({ fromFrame: kept[0], count: kept.length });
          ring.copy(kept[0]!, kept.length, out);
          expect([...out]).toEqual(kept.flatMap((i) => [i, -i]));
          expect(ring.has(kept[0]! - 1, 1)).toBe(false);
          expect(ring.has(index, 2)).toBe(false);
        }
      }),
    );
  });

  it('holds nothing after clear, and goes on with the next frame', () => {
    const ring = new FrameRing(4, 2);
    ring.push(0, row(0));
    ring.clear();
    expect(ring.has(0, 1)).toBe(false);
    ring.push(1, row(1));
    expect(ring.present).toEqual({ fromFrame: 1, count: 1 });
  });
});
