import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FRONT_END, fingerprintOf } from './front-end.js';
import { silenceDb, toModelInput } from './window.js';
import { WindowGrid } from './window-grid.js';

const decibels = fc.array(fc.integer({ min: -100, max: 40 }), { minLength: 4, maxLength: 64 });

describe('toModelInput', () => {
  it('is blind to gain: the same window 12 dB louder gives the same input', () => {
    fc.assert(
      fc.property(decibels, (values) => {
        const quiet = Float32Array.from(values);
        const loud = quiet.map((x) => x + 12);
        toModelInput(DEFAULT_FRONT_END, quiet, quiet);
        toModelInput(DEFAULT_FRONT_END, loud, loud);
        for (let i = 0; i < quiet.length; i++) expect(loud[i]).toBeCloseTo(quiet[i]!, 4);
      }),
    );
  });

  it('raises what lies more than topDb under the maximum', () => {
    const window = Float32Array.of(0, -59, -61, -100);
    toModelInput({ ...DEFAULT_FRONT_END, normalization: 'none' }, window, window);
    expect([...window]).toEqual([0, -59, -60, -60]);
  });

  it('refers to the maximum where the front end says so, and scales to 0…1', () => {
    const window = Float32Array.of(10, -30, -100);
    const frontEnd = { ...DEFAULT_FRONT_END, dbReference: { kind: 'max' }, topDb: 80 } as const;
    const decibel = Float32Array.from(window);
    toModelInput({ ...frontEnd, normalization: 'none' }, decibel, decibel);
    expect([...decibel]).toEqual([0, -40, -80]);
    toModelInput({ ...frontEnd, normalization: 'minmax' }, window, window);
    expect([...window]).toEqual([1, 0.5, 0]);
  });

  it('survives a window of one value', () => {
    const window = new Float32Array(8).fill(silenceDb(DEFAULT_FRONT_END));
    toModelInput(DEFAULT_FRONT_END, window, window);
    expect([...window]).toEqual(new Array(8).fill(0));
  });
});

describe('WindowGrid', () => {
  const grid = new WindowGrid(DEFAULT_FRONT_END);

  it('lays a window of 2.064 s of samples at each 0.512 s', () => {
    expect([grid.startMs(3), grid.endMs(3)]).toEqual([1536, 1536 + 2064]);
  });

  it('finds the window that ends with a frame, and only there', () => {
    fc.assert(
      fc.property(fc.nat(5000), (window) => {
        const last = grid.firstFrame(window) + DEFAULT_FRONT_END.windowFrames - 1;
        expect(grid.windowEndingWith(last)).toBe(window);
        expect(grid.windowEndingWith(last + 1)).toBe(-1);
      }),
    );
    expect(grid.windowEndingWith(126)).toBe(-1);
  });
});

describe('fingerprintOf', () => {
  it('does not depend on the order of the fields, and changes with any of them', () => {
    const reversed = Object.fromEntries(Object.entries(DEFAULT_FRONT_END).reverse());
    expect(fingerprintOf(reversed as unknown as typeof DEFAULT_FRONT_END)).toBe(
      fingerprintOf(DEFAULT_FRONT_END),
    );
    expect(fingerprintOf({ ...DEFAULT_FRONT_END, topDb: 61 })).not.toBe(fingerprintOf(DEFAULT_FRONT_END));
  });
});
