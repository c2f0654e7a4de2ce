import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FRONT_END, type FrontEnd } from './front-end.js';
import { LogMel } from './log-mel.js';

const noise = (length: number, seed = 1): Float32Array => {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
};

function framesOf(frontEnd: FrontEnd, chunks: Float32Array[]): Map<number, number[]> {
  const frames = new Map<number, number[]>();
  const logMel = new LogMel(frontEnd);
  for (const chunk of chunks) logMel.push(chunk, (i, frame) => frames.set(i, [...frame]));
  logMel.flush((i, frame) => frames.set(i, [...frame]));
  return frames;
}

function cut(signal: Float32Array, sizes: number[]): Float32Array[] {
  const chunks: Float32Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(signal.subarray(at, at + size));
    at = Math.min(at + size, signal.length);
  }
  return [...chunks, signal.subarray(at)];
}

const centred: FrontEnd = { ...DEFAULT_FRONT_END, center: true, nFft: 512, winLength: 400 };

describe('LogMel', () => {
  it.each([
    ['streaming', DEFAULT_FRONT_END],
    ['centred', centred],
  ])('gives bit-identical frames for any split of the input (%s)', (_name, frontEnd) => {
    const signal = noise(4000);
    const whole = framesOf(frontEnd, [signal]);
    expect(whole.size).toBeGreaterThan(20);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 30 }), (sizes) => {
        expect(framesOf(frontEnd, cut(signal, sizes))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('counts frames as librosa does', () => {
    expect(framesOf(DEFAULT_FRONT_END, [noise(8000)]).size).toBe(1 + Math.floor((8000 - 256) / 128));
    expect(framesOf(centred, [noise(8000)]).size).toBe(1 + Math.floor(8000 / 128));
  });

  it('after a hole leaves out the frames that touch it and keeps all others bit-identical', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 900 }), (from, length) => {
        const signal = noise(5000);
        const whole = framesOf(DEFAULT_FRONT_END, [signal]);
        const logMel = new LogMel(DEFAULT_FRONT_END);
        const frames = new Map<number, number[]>();
        const keep = (i: number, frame: Float32Array) => frames.set(i, [...frame]);
        logMel.push(signal.subarray(0, from), keep);
        logMel.skipTo(from + length);
        logMel.push(signal.subarray(from + length), keep);
        const untouched = [...whole].filter(([i]) => i * 128 + 256 <= from || i * 128 >= from + length);
        expect([...frames]).toEqual(untouched);
      }),
      { numRuns: 60 },
    );
  });

  it('puts a tone into the band of its frequency', () => {
    const tone = Float32Array.from({ length: 2000 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / 8000));
    const [first] = framesOf(DEFAULT_FRONT_END, [tone]).values();
    const loudest = first!.indexOf(Math.max(...first!));
    // 1000 Hz is 15 mel on the Slaney scale; the bands are 35.16 / 65 mel apart.
    expect(loudest).toBe(Math.round(15 / (35.16 / 65)) - 1);
  });

  it('gives the floor for digital silence', () => {
    const [first] = framesOf(DEFAULT_FRONT_END, [new Float32Array(256)]).values();
    expect(new Set(first)).toEqual(new Set([-100]));
  });

  it.each([
    ['nFft', { nFft: 300 }],
    ['winLength', { winLength: 257 }],
    ['hopLength', { hopLength: 0 }],
    ['fMaxHz', { fMaxHz: 4001 }],
    ['fMinHz', { fMinHz: 4000 }],
    ['nMels', { nMels: 0 }],
  ])('refuses an impossible %s by name', (field, change) => {
    expect(() => new LogMel({ ...DEFAULT_FRONT_END, ...change })).toThrow(`frontEnd.${field}`);
  });
});
