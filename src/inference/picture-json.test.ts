import { expect, test } from 'vitest';
import { DEFAULT_FRONT_END, type Picture } from '../features/index.js';
import { parseFrontEnd } from './bundle-json.js';

const picture: Picture = {
  range: [0, 1],
  fullScale: 255,
  levels: 'bytes',
  rows: 'low-band-last',
  colours: 'viridis',
  resize: 'bilinear',
  height: 224,
  width: 224,
  preprocessing: 'caffe',
};

const parse = (changes: object, more: object = {}) =>
  parseFrontEnd({ ...DEFAULT_FRONT_END, ...more, picture: { ...picture, ...changes } }, 'front-end.json');

test('a picture is read as it stands', () => {
  expect(parse({}).picture).toEqual(picture);
});

test.each([
  ['a range that runs down', { range: [0, -80] }, /picture.range: the first value must be below/],
  [
    'a colour map without a range',
    { range: null, levels: 'continuous' },
    /picture.range: a colour map and bytes/,
  ],
  ['bytes of 0…1', { fullScale: 1 }, /picture.fullScale: bytes reach to 255/],
  ['means of three channels off one', { colours: 'single' }, /picture.preprocessing: "caffe" needs three/],
  ['a colour map that does not exist', { colours: 'rainbow' }, /picture.colours/],
  ['a size beyond reason', { height: 100_000 }, /picture.height/],
])('%s is refused', (_, changes, message) => {
  expect(() => parse(changes)).toThrow(message);
});

test('a picture of planes is refused', () => {
  expect(() => parse({}, { deltaWidth: 9 })).toThrow(/field picture: a picture has no room/);
});
