import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LegDecoder } from './leg-decoder.js';
import { ReplayPoints } from './replay-points.js';

const SPAN = 4000;
const SPACING = 250;

describe('replay points', () => {
  it('lie at most one spacing and two chunks before what is needed, or are the first since all was forgotten', () => {
    const decoder = new LegDecoder(8000);
    const step = fc.record({
      samples: fc.nat({ max: 400 }),
      isHole: fc.nat({ max: 60 }).map((n) => n === 0),
    });
    const property = fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const points = new ReplayPoints(SPAN, SPACING);
      let position = 0;
      let first: number | null = null;
      for (const [offset, { samples, isHole }] of steps.entries()) {
        if (isHole) points.clear();
        if (isHole) first = null;
        points.forget(position - SPAN);
        points.offer(offset, decoder, position);
        first ??= offset;
        position += samples;
        points.forget(position - SPAN);
        const oldest = points.oldest!;
        const backSamples = position - SPAN - oldest.position;
        expect(points.oldestOffset).toBe(oldest.offset);
        expect(backSamples >= 0 || oldest.offset === first).toBe(true);
        expect(backSamples).toBeLessThanOrEqual(SPACING + 2 * 400);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('are none where nothing was heard or all was forgotten', () => {
    const points = new ReplayPoints(SPAN, SPACING);
    expect([points.oldest, points.oldestOffset]).toEqual([null, null]);
    points.offer(7, new LegDecoder(8000, { rateHz: 16_000, next: 90, origin: 20 }), 45);
    const decoder = { rateHz: 16_000, next: 90, origin: 20 };
    expect(points.oldest).toEqual({ offset: 7, decoder, position: 45 });
    points.clear();
    expect([points.oldest, points.oldestOffset]).toEqual([null, null]);
  });
});
