import { expect, it } from 'vitest';
import { deinterleave, mixDown, mixDownClip } from './channels.js';

const interleaved = Float32Array.of(1, -1, 0.5, 0.25, 9, 9);

it('deinterleave gives each channel its own samples', () => {
  const outs = [new Float32Array(2), new Float32Array(2)];
  deinterleave(interleaved, 2, outs);
  expect(outs).toEqual([Float32Array.of(1, 0.5), Float32Array.of(-1, 0.25)]);
});

it('mixDown gives the mean, in place too', () => {
  const samples = interleaved.slice();
  mixDown(samples, 2, 2, samples);
  expect([...samples.subarray(0, 2)]).toEqual([0, 0.375]);
});

it('mixDownClip gives the mean of the channels, and the only one itself', () => {
  const left = Float32Array.of(1, 0.5);
  expect(mixDownClip([left, Float32Array.of(-1, 0.25)])).toEqual(Float32Array.of(0, 0.375));
  expect(mixDownClip([left])).toBe(left);
});
