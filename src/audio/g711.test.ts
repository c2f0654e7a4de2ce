import { describe, expect, it } from 'vitest';
import { encodeG711, G711_TO_FLOAT, g711Code } from './g711.js';

const codes = Array.from({ length: 256 }, (_, code) => code);

/** ITU-T G.711 table 2: value of a µ-law character signal in units of 1/8159, by segment and step. */
function mulawByRecommendation(code: number): number {
  const bits = 255 - code;
  const segment = (bits >> 4) & 7;
  const value = 2 ** segment * (2 * (bits & 15) + 33) - 33;
  return bits & 0x80 ? -value : value;
}

/** ITU-T G.711 table 1: value of an A-law character signal (even bits inverted) in units of 1/4096. */
function alawByRecommendation(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = bits & 15;
  const value = segment === 0 ? 2 * step + 1 : 2 ** (segment - 1) * (2 * step + 33);
  return bits & 0x80 ? value : -value;
}

describe('decoding', () => {
  it('agrees with the tables of G.711 for all 256 codes of both laws', () => {
    for (const code of codes) {
      expect(G711_TO_FLOAT.mulaw[code]! * 8192).toBeCloseTo(mulawByRecommendation(code), 9);
      expect(G711_TO_FLOAT.alaw[code]! * 4096).toBeCloseTo(alawByRecommendation(code), 9);
    }
  });
});

describe('encoding', () => {
  it.each(['mulaw', 'alaw'] as const)('%s: gives every code back after a round trip', (law) => {
    for (const code of codes) {
      // µ-law has two zeros; the negative one decodes to −0, which is the same sample as +0.
      const expected = law === 'mulaw' && code === 0x7f ? 0xff : code;
      expect(g711Code(law, G711_TO_FLOAT[law][code]!)).toBe(expected);
    }
  });

  it('mulaw: places each of the 65,536 samples between the decision values of G.711 table 2', () => {
    for (let linear = -32768; linear < 32768; linear++) {
      const code = g711Code('mulaw', linear / 32768);
      const halfStep = 2 ** (((255 - code) >> 4) & 7);
      const magnitude = Math.min(8158, (linear < 0 ? ~linear : linear) >> 2);
      const value = Math.abs(mulawByRecommendation(code));
      const between = magnitude >= value - halfStep && magnitude < value + halfStep;
      if (!between || code < 0x80 !== linear < 0) expect.fail(`${linear} is coded ${code}`);
    }
  });

  it('alaw: places each of the 65,536 samples between the decision values of G.711 table 1', () => {
    for (let linear = -32768; linear < 32768; linear++) {
      const code = g711Code('alaw', linear / 32768);
      const halfStep = 2 ** Math.max(0, (((code ^ 0x55) >> 4) & 7) - 1);
      const magnitude = (linear < 0 ? ~linear : linear) >> 3;
      const value = Math.abs(alawByRecommendation(code));
      const between = magnitude >= value - halfStep && magnitude < value + halfStep;
      if (!between || code < 0x80 !== linear < 0) expect.fail(`${linear} is coded ${code}`);
    }
  });

  it('clips what is louder than full scale', () => {
    expect(g711Code('mulaw', 5)).toBe(g711Code('mulaw', 1));
    expect(g711Code('alaw', -5)).toBe(g711Code('alaw', -1));
    expect(encodeG711('mulaw', Float32Array.of(1, -1))).toEqual(Uint8Array.of(0x80, 0x00));
    expect(encodeG711('alaw', Float32Array.of(1, -1))).toEqual(Uint8Array.of(0xaa, 0x2a));
  });
});
