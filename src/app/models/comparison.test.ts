import { describe, expect, it } from 'vitest';
import { compare } from './comparison.js';

const of = (...labels: string[]) => ({ labels, temperature: 1 });

describe('two answers to one window', () => {
  it('agree where the likeliest label is the same, however sure each is', () => {
    const sides = { first: of('angry', 'sad'), second: of('angry', 'sad') };
    expect(compare([0.9, 0.1], [0.9, 0.1], sides)).toEqual({ agree: true, distance: 0 });
    const { agree, distance } = compare([0.9, 0.1], [0.6, 0.4], sides);
    expect([agree, distance.toFixed(3)]).toEqual([true, '0.300']);
    expect(compare([1, 0], [0, 1], sides)).toMatchObject({ agree: false });
    expect(compare([1, 0], [0, 1], sides).distance).toBeCloseTo(1);
  });

  it('are compared by the names of the labels, not by their places', () => {
    const sides = { first: of('angry', 'sad'), second: of('calm', 'sad', 'angry') };
    expect(compare([0.9, 0.1], [0, 0.1, 0.9], sides).agree).toBe(true);
    expect(compare([0.9, 0.1], [0.9, 0.1, 0], sides)).toMatchObject({ agree: false });
    expect(compare([0.9, 0.1], [0.9, 0.1, 0], sides).distance).toBeCloseTo(0.9);
  });

  it('are calibrated first, each as its bundle says', () => {
    const first = { ...of('angry', 'sad'), temperature: 2 };
    const halfAsSure = [Math.sqrt(0.9), Math.sqrt(0.1)].map((p) => p / (Math.sqrt(0.9) + Math.sqrt(0.1)));
    expect(compare([0.9, 0.1], halfAsSure, { first, second: of('angry', 'sad') }).distance).toBeCloseTo(0);
  });
});
