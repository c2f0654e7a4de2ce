import { describe, expect, it } from 'vitest';
import { type GroupedJudgement, uaInterval } from './interval.js';

/** `count` items of two classes in turn, right where `isRight` says so; a clip and a speaker of its own each by default. */
function items(
  count: number,
  isRight: (i: number) => boolean,
  speakerOf = (i: number) => `s${i}`,
): GroupedJudgement[] {
  return Array.from({ length: count }, (_, i) => ({
    actual: i % 2,
    predicted: isRight(i) ? i % 2 : 1 - (i % 2),
    clip: `c${i}`,
    speaker: speakerOf(i),
  }));
}

describe('the interval of UA', () => {
  it('is about as wide as that of a binomial share where items are independent', () => {
    // 200 items of each class, 80 % right: the standard error of UA is sqrt(0.8 · 0.2 / 400) = 0.02.
    const { low, high, over, groups } = uaInterval(
      items(400, (i) => i % 10 < 8),
      2,
      'seed',
    );
    expect({ over, groups }).toEqual({ over: 'speakers', groups: 400 });
    expect(low).toBeGreaterThan(0.8 - 1.96 * 0.02 - 0.01);
    expect(low).toBeLessThan(0.8 - 1.96 * 0.02 + 0.01);
    expect(high).toBeGreaterThan(0.8 + 1.96 * 0.02 - 0.01);
    expect(high).toBeLessThan(0.8 + 1.96 * 0.02 + 0.01);
  });

  it('is wider where whole speakers are right or wrong together', () => {
    const alone = uaInterval(
      items(400, (i) => i % 10 < 8),
      2,
      'seed',
    );
    const together = uaInterval(
      items(
        400,
        (i) => i < 320,
        (i) => `s${Math.floor(i / 40)}`,
      ),
      2,
      'seed',
    );
    expect(together.groups).toBe(10);
    expect(together.high - together.low).toBeGreaterThan(2 * (alone.high - alone.low));
  });

  it('is over clips where there are too few speakers to tell, and is a point where all is right', () => {
    const few = items(
      40,
      () => true,
      (i) => `s${i % 7}`,
    );
    expect(uaInterval(few, 2, 'seed')).toEqual({ low: 1, high: 1, over: 'clips', groups: 40 });
  });

  it('is decided by the seed, not by the order of the items', () => {
    const judged = items(50, (i) => i % 3 > 0);
    expect(uaInterval([...judged].reverse(), 2, 'a')).toEqual(uaInterval(judged, 2, 'a'));
  });
});
