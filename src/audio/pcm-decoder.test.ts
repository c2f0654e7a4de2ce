import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UndertoneError } from '../errors.js';
import { BYTES_PER_SAMPLE, ENCODINGS, type Encoding } from './format.js';
import { G711_TO_FLOAT } from './g711.js';
import { decodeSamples, MAX_ABS_SAMPLE, wholeFrames } from './pcm-decoder.js';

/** What the platform's own reader makes of the bytes. */
function reference(encoding: Encoding, bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = encoding.endsWith('le');
  const width = BYTES_PER_SAMPLE[encoding];
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, i) => {
    if (encoding === 'mulaw' || encoding === 'alaw') return G711_TO_FLOAT[encoding][bytes[i]!]!;
    if (width === 2) return view.getInt16(2 * i, littleEndian) / 32768;
    return view.getFloat32(4 * i, littleEndian);
  });
}

const isGood = (sample: number) => Math.abs(sample) <= MAX_ABS_SAMPLE;

describe('decodeSamples', () => {
  it('reads every encoding at any address, whole samples only, or refuses a float that is none', () => {
    const anyBytes = fc.uint8Array({ maxLength: 67 });
    const property = fc.property(
      fc.constantFrom(...ENCODINGS),
      anyBytes,
      fc.nat({ max: 7 }),
      (encoding, bytes, skip) => {
        const window = bytes.subarray(Math.min(skip, bytes.length));
        const expected = reference(encoding, window);
        const out = new Float32Array(80).fill(9);
        if (!expected.every(isGood)) {
          expect(() => decodeSamples(encoding, window, out)).toThrow(/UT_AUDIO_NOT_FINITE/);
          return;
        }
        expect(decodeSamples(encoding, window, out)).toBe(expected.length);
        expect([...out.subarray(0, expected.length)]).toEqual(expected);
        expect(out[expected.length]).toBe(9);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, 65537])('names the place of a float of %d', (value) => {
    const view = new DataView(new ArrayBuffer(12));
    view.setFloat32(8, value, true);
    const decode = () => decodeSamples('f32le', new Uint8Array(view.buffer), new Float32Array(3));
    expect(decode).toThrow(UndertoneError);
    expect(decode).toThrow(/UT_AUDIO_NOT_FINITE at sample 2/);
  });

  it('never writes beyond the room it is given', () => {
    expect(() => decodeSamples('mulaw', new Uint8Array(3), new Float32Array(2))).toThrow(/UT_INTERNAL/);
  });
});

describe('wholeFrames', () => {
  it.each([
    ['mulaw', 1, 7, 7],
    ['mulaw', 2, 7, 3],
    ['s16le', 1, 7, 3],
    ['s16be', 2, 7, 1],
    ['f32le', 2, 7, 0],
  ] as const)('%s with %i channels has in %i bytes %i', (encoding, channels, bytes, expected) => {
    expect(wholeFrames(encoding, channels, bytes)).toBe(expected);
  });
});
