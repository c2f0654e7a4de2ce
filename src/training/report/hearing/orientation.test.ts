import { expect, it } from 'vitest';
import { DEFAULT_FRONT_END, type FrontEnd } from '../../../features/index.js';
import { orientationOf } from './orientation.js';

const picture = (rows: 'low-band-first' | 'low-band-last' | 'frames'): FrontEnd => ({
  ...DEFAULT_FRONT_END,
  picture: {
    range: null,
    fullScale: 1,
    levels: 'continuous',
    rows,
    colours: 'grey',
    resize: 'bilinear',
    height: 30,
    width: 20,
    preprocessing: 'none',
  },
});

it.each([
  ['an input of frames', DEFAULT_FRONT_END, 128, 64, 5 * 64 + 2],
  ['a picture with frames on rows', picture('frames'), 30, 20, 5 * 20 + 2],
  ['a picture as an array', picture('low-band-first'), 20, 30, 2 * 20 + 5],
  ['a picture as it is drawn', picture('low-band-last'), 20, 30, 27 * 20 + 5],
])('time and tone are found in %s', (_, frontEnd, times, tones, place) => {
  const found = orientationOf(frontEnd);
  expect([found.times, found.tones]).toEqual([times, tones]);
  expect(found.indexOf(5, 2)).toBe(place);
});
