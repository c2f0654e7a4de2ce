import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preparedClip } from '../../../test/support/prepared-clip.js';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import { Random } from '../random.js';
import { makeBatch } from './batches.js';
import { maskWindow } from './masking.js';
import { epochOrder } from './sampler.js';
import {
  cutWindow,
  MIN_VOICED_SHARE,
  randomStart,
  servedStarts,
  type VoicedFrames,
  voicedFramesIn,
} from './windows.js';

const FRONT_END = { ...DEFAULT_FRONT_END, nMels: 4 };
const { windowFrames, nMels, windowHopFrames } = FRONT_END;

function clipOf(
  frames: number,
  fromFrame: number,
  toFrame: number,
  levelAt = (frame: number) => frame,
): VoicedFrames {
  const db = Float32Array.from({ length: frames * nMels }, (_, i) => levelAt(Math.floor(i / nMels)));
  return { db, frames, voice: { fromFrame, toFrame } };
}

/** A clip with its speech anywhere in it. */
const clips = fc
  .tuple(
    fc.integer({ min: 1, max: 500 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([frames, a, b]) => {
    const fromFrame = Math.floor(Math.min(a, b) * (frames - 1));
    return clipOf(frames, fromFrame, Math.max(fromFrame + 1, Math.ceil(Math.max(a, b) * frames)));
  });

describe('windows', () => {
  it('are cut where they were asked for, with silence outside the clip', () => {
    const plain = { ...FRONT_END, topDb: null, normalization: 'none' as const };
    const window = new Float32Array(windowFrames * nMels);
    cutWindow(clipOf(10, 0, 10), -3, plain, window);
    expect([0, 2, 3, 12, 13].map((frame) => window[frame * nMels])).toEqual([-100, -100, 0, 9, -100]);
  });

  it('that serving classifies begin on the grid, fit the clip and hold speech', () => {
    fc.assert(
      fc.property(clips, (clip) => {
        const starts = servedStarts(clip, FRONT_END);
        expect(starts.length).toBeGreaterThan(0);
        for (const start of starts) {
          expect(start % windowHopFrames).toBe(0);
          expect(start === 0 || start + windowFrames <= clip.frames).toBe(true);
        }
        const least = Math.min(...starts.map((start) => voicedFramesIn(clip, start, windowFrames)));
        expect(starts.length === 1 || least >= MIN_VOICED_SHARE * windowFrames).toBe(true);
      }),
    );
  });

  it('for training lie in the clip (or the clip in them) and hold as much speech as there can be', () => {
    fc.assert(
      fc.property(clips, fc.string(), (clip, seed) => {
        const start = randomStart(clip, FRONT_END, new Random(seed));
        const room = clip.frames - windowFrames;
        expect(start).toBeGreaterThanOrEqual(Math.min(0, room));
        expect(start).toBeLessThanOrEqual(Math.max(0, room));
        const speech = clip.voice.toFrame - clip.voice.fromFrame;
        const wanted = Math.min(Math.ceil(MIN_VOICED_SHARE * windowFrames), speech);
        expect(voicedFramesIn(clip, start, windowFrames)).toBeGreaterThanOrEqual(wanted);
      }),
    );
  });
});

describe('masking', () => {
  it('hides whole frames and whole bands behind the mean, no more than allowed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const window = Float32Array.from({ length: 32 * 8 }, (_, i) => i + 1);
        const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
        maskWindow(
          window,
          [32, 8, 1],
          { timeMasks: 2, maxFrames: 5, bandMasks: 1, maxBands: 3 },
          new Random(seed),
        );
        const hidden = (frame: number, band: number) => window[frame * 8 + band] === mean;
        const frames = Array.from({ length: 32 }, (_, f) => f).filter((f) =>
          [...Array(8).keys()].every((b) => hidden(f, b)),
        );
        const bands = Array.from({ length: 8 }, (_, b) => b).filter((b) =>
          [...Array(32).keys()].every((f) => hidden(f, b)),
        );
        expect(frames.length).toBeLessThanOrEqual(10);
        expect(bands.length).toBeLessThanOrEqual(3);
        const expected = frames.length * 8 + bands.length * 32 - frames.length * bands.length;
        expect(window.filter((value) => value === mean).length).toBe(expected);
      }),
    );
  });
});

describe('the order of an epoch', () => {
  const labels = ['angry', 'sad', 'happy'] as const;
  const pool = [
    ...Array.from({ length: 60 }, (_, i) =>
      preparedClip({ id: `a${i}`, corpus: 'tess', label: labels[i % 3 === 0 ? 0 : 1]! }),
    ),
    ...Array.from({ length: 9 }, (_, i) => preparedClip({ id: `b${i}`, corpus: 'emodb', label: labels[2]! })),
  ];
  const order = (epoch: number) => epochOrder(pool, { tess: 40 }, '1', epoch);

  it('takes the quota of a corpus, its classes equally often, and each clip once before any twice', () => {
    const chosen = order(1).map((i) => pool[i]!);
    const tess = chosen.filter(({ corpus }) => corpus === 'tess');
    expect(tess.length).toBe(40);
    expect(tess.filter(({ label }) => label === 'angry').length).toBe(20);
    expect(new Set(tess.map(({ id }) => id)).size).toBe(40);
    expect(chosen.filter(({ corpus }) => corpus === 'emodb').length).toBe(9);
  });

  it('follows from seed and epoch alone: a resumed run draws what it would have drawn', () => {
    expect(order(7)).toEqual(order(7));
    expect(order(7)).not.toEqual(order(8));
    expect(epochOrder(pool, { tess: 40 }, '2', 7)).not.toEqual(order(7));
  });

  it('draws clips again where a corpus is smaller than its quota', () => {
    expect(epochOrder(pool, { emodb: 30, tess: 0 }, '1', 1).length).toBe(30);
  });
});

describe('batches', () => {
  const masking = { timeMasks: 1, maxFrames: 4, bandMasks: 1, maxBands: 1 };
  const clip = (label: number) => ({
    label,
    variants: [clipOf(200, 20, 180, (frame) => -60 + (frame % 50) + label)],
  });
  const make = (labelSmoothing: number, mixup: number, seed = 's') =>
    makeBatch(
      [clip(0), clip(2), clip(2)],
      3,
      FRONT_END,
      { masking, labelSmoothing, mixup },
      new Random(seed),
    );

  it('holds a normalised window and a target for each clip', () => {
    const { size, windows, targets } = make(0, 0);
    expect([size, windows.length]).toEqual([3, 3 * windowFrames * nMels]);
    expect([...targets]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 1]);
    expect(windows.every(Number.isFinite)).toBe(true);
  });

  it('smooths and mixes targets that still sum to 1 and still point at the clip', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { targets } = make(0.3, 0.4, seed);
        for (let row = 0; row < 3; row++) {
          const target = targets.subarray(row * 3, row * 3 + 3);
          expect(target.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
          expect(target[row === 0 ? 0 : 2]).toBeGreaterThanOrEqual(0.5 * 0.7);
        }
      }),
    );
  });

  it('is the same from the same seed', () => {
    expect(make(0.1, 0.2)).toEqual(make(0.1, 0.2));
    expect(make(0.1, 0.2, 'other').windows).not.toEqual(make(0.1, 0.2).windows);
  });
});
