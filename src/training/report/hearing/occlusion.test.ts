import { expect, it } from 'vitest';
import { occlusionMap } from './occlusion.js';

const [FRAMES, BANDS] = [40, 20];

/** Listens to one place alone: the louder it is there, the surer of class 1. */
function listenerAt(frame: number, band: number, planes: number) {
  return {
    async classify(input: Float32Array) {
      const heard = input[(frame * BANDS + band) * planes]!;
      return Float32Array.of(1 - heard, heard);
    },
  };
}

it.each([1, 3])('finds the place that a model listens to, with %i planes', async (planes) => {
  const input = new Float32Array(FRAMES * BANDS * planes);
  input[(5 * BANDS + 3) * planes] = 0.9;
  const { probability, drops } = await occlusionMap(
    listenerAt(5, 3, planes),
    input,
    [FRAMES, BANDS, planes],
    1,
  );
  expect(probability).toBeCloseTo(0.9, 6);
  const far = drops[30 * BANDS + 15]!;
  expect(Math.max(...drops)).toBe(drops[5 * BANDS + 3]);
  expect(drops[5 * BANDS + 3]).toBeCloseTo(0.9, 2);
  expect(far).toBe(0);
});

it('hides every place, also at ends that no step meets', async () => {
  const input = new Float32Array(43 * 21).fill(1);
  const { drops } = await occlusionMap(
    { classify: async () => Float32Array.of(0.5, 0.5) },
    input,
    [43, 21, 1],
    0,
  );
  expect(drops).toHaveLength(43 * 21);
  expect(drops.every((drop) => drop === 0)).toBe(true);
});

it('leaves the input as it was', async () => {
  const input = Float32Array.from({ length: FRAMES * BANDS }, (_, i) => i);
  const before = input.slice();
  await occlusionMap(listenerAt(0, 0, 1), input, [FRAMES, BANDS, 1], 0);
  expect(input).toEqual(before);
});
