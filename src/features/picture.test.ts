import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_FRONT_END,
  type FrontEnd,
  fingerprintOf,
  inputLengthOf,
  type Picture,
  toModelInput,
} from './index.js';

const FRAMES = 5;
const BANDS = 4;
const SAME_SIZE: Picture = {
  range: [0, 1],
  fullScale: 1,
  levels: 'continuous',
  rows: 'low-band-first',
  colours: 'single',
  resize: 'bilinear',
  height: BANDS,
  width: FRAMES,
  preprocessing: 'none',
};

function frontEnd(changes: Partial<Picture>): FrontEnd {
  const picture = { ...SAME_SIZE, ...changes };
  return {
    ...DEFAULT_FRONT_END,
    topDb: null,
    nMels: BANDS,
    windowFrames: FRAMES,
    normalization: 'none',
    picture,
  };
}

function draw(window: ArrayLike<number>, changes: Partial<Picture>): number[] {
  const drawn = frontEnd(changes);
  const out = new Float32Array(inputLengthOf(drawn)).fill(Number.NaN);
  toModelInput(drawn, Float32Array.from(window), out);
  return [...out];
}

/** [frames × bands]: frame and band can be told from the value. */
const numbered = Array.from({ length: FRAMES * BANDS }, (_, i) =>
  Math.fround((Math.floor(i / BANDS) + (i % BANDS) / 10) / 10),
);
const valueAt = (frame: number, band: number) => numbered[frame * BANDS + band]!;
const grid = (rows: number, columns: number, value: (row: number, column: number) => number) =>
  Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns));

const window = fc.array(fc.double({ min: -90, max: 10, noNaN: true }), {
  minLength: FRAMES * BANDS,
  maxLength: FRAMES * BANDS,
});
const anyPicture: fc.Arbitrary<Partial<Picture>> = fc.record({
  rows: fc.constantFrom('low-band-first', 'low-band-last', 'frames'),
  colours: fc.constantFrom('grey', 'viridis', 'jet'),
  resize: fc.constantFrom('bilinear', 'bilinear-antialias', 'nearest'),
  range: fc.constant([-80, 0] as const),
  fullScale: fc.constant(255),
  levels: fc.constantFrom('bytes', 'continuous'),
  height: fc.integer({ min: 1, max: 12 }),
  width: fc.integer({ min: 1, max: 12 }),
});

describe('a picture of the size of the window', () => {
  test('has bands on rows, the lowest first', () => {
    expect(draw(numbered, {})).toEqual(grid(BANDS, FRAMES, (row, column) => valueAt(column, row)));
  });

  test('has the lowest band at the bottom where it is drawn so', () => {
    const expected = grid(BANDS, FRAMES, (row, column) => valueAt(column, BANDS - 1 - row));
    expect(draw(numbered, { rows: 'low-band-last' })).toEqual(expected);
  });

  test('has frames on rows', () => {
    expect(draw(numbered, { rows: 'frames', height: FRAMES, width: BANDS })).toEqual(numbered);
  });
});

test('values beyond the range are cut off; bytes are cut off to whole numbers', () => {
  const values = [-5, 0, 0.5, 1, 7, ...new Array(FRAMES * BANDS - 5).fill(0)];
  const drawn = draw(values, {
    rows: 'frames',
    height: FRAMES,
    width: BANDS,
    fullScale: 255,
    levels: 'bytes',
  });
  expect(drawn.slice(0, 5)).toEqual([0, 0, 127, 255, 255]);
});

test('without a range, values stay what they are', () => {
  const values = numbered.map((value) => value * 1000 - 300);
  const drawn = draw(values, { range: null, rows: 'frames', height: FRAMES, width: BANDS });
  expect(drawn).toEqual([...Float32Array.from(values)]);
});

test('"caffe" turns red, green, blue into blue, green, red less their means', () => {
  const size = { height: 1, width: 1, fullScale: 255, range: [0, 1] } as const;
  const [red = 0, green = 0, blue = 0] = draw(numbered, { ...size, colours: 'viridis' });
  const caffe = draw(numbered, { ...size, colours: 'viridis', preprocessing: 'caffe' });
  expect(caffe[0]).toBeCloseTo(blue - 103.939, 4);
  expect(caffe[1]).toBeCloseTo(green - 116.779, 4);
  expect(caffe[2]).toBeCloseTo(red - 123.68, 4);
  expect(new Set([red, green, blue]).size).toBe(3);
});

test('a picture depends on its window alone, not on those drawn before', () => {
  fc.assert(
    fc.property(window, window, anyPicture, (first, second, changes) => {
      const drawn = frontEnd(changes);
      const out = new Float32Array(inputLengthOf(drawn));
      toModelInput(drawn, Float32Array.from(second), out);
      toModelInput(drawn, Float32Array.from(first), out);
      expect([...out]).toEqual(draw(first, changes));
    }),
  );
});

test('whatever its size, a picture stays within the colours and fills every pixel', () => {
  fc.assert(
    fc.property(window, anyPicture, (values, changes) => {
      const drawn = draw(values, changes);
      expect(drawn.every((value) => value >= 0 && value <= 255)).toBe(true);
    }),
  );
});

test('an even window gives an even picture: no pixel at an edge is darker', () => {
  const resizes = ['bilinear', 'bilinear-antialias', 'nearest'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...resizes), fc.integer({ min: 1, max: 30 }), (resize, side) => {
      const even = new Array(FRAMES * BANDS).fill(0.5);
      for (const value of draw(even, { resize, height: side, width: side }))
        expect(value).toBeCloseTo(0.5, 6);
    }),
  );
});

test('the fingerprint tells pictures apart, whatever the order of their fields', () => {
  const { picture, ...rest } = frontEnd({});
  const reversed = Object.fromEntries(Object.entries(picture!).reverse()) as unknown as Picture;
  expect(fingerprintOf({ picture: reversed, ...rest })).toBe(fingerprintOf({ ...rest, picture: picture! }));
  expect(fingerprintOf(frontEnd({ rows: 'frames' }))).not.toBe(fingerprintOf(frontEnd({})));
  expect(fingerprintOf(rest)).not.toBe(fingerprintOf(frontEnd({})));
});
