import { UndertoneError } from '../errors.js';
import { BYTES_PER_SAMPLE, type Encoding } from './format.js';
import { G711_TO_FLOAT } from './g711.js';

/** Floats beyond ±this are refused: they would overflow later sums, and no recorder writes them. */
export const MAX_ABS_SAMPLE = 65536;

const castBits = new Int32Array(1);
const castFloat = new Float32Array(castBits.buffer);

/** Instants of which every channel's sample lies whole in `byteLength` bytes; the rest is the caller's to carry over. */
export function wholeFrames(encoding: Encoding, channels: number, byteLength: number): number {
  return Math.floor(byteLength / (BYTES_PER_SAMPLE[encoding] * channels));
}

/**
 * Decodes the whole samples in `bytes` into `out`, nominal range −1…1. Allocates nothing; `bytes` may begin at any
 * address. Interleaved input stays interleaved.
 *
 * @returns samples written, all channels counted.
 * @throws UT_AUDIO_NOT_FINITE for a float that is NaN, infinite or beyond ±{@link MAX_ABS_SAMPLE}.
 */
export function decodeSamples(encoding: Encoding, bytes: Uint8Array, out: Float32Array): number {
  const count = Math.floor(bytes.length / BYTES_PER_SAMPLE[encoding]);
  if (count > out.length) throw tooSmall(count, out.length);
  DECODERS[encoding](bytes, count, out);
  return count;
}

type Decoder = (bytes: Uint8Array, count: number, out: Float32Array) => void;

const DECODERS: Readonly<Record<Encoding, Decoder>> = {
  mulaw: (bytes, count, out) => lookUp(G711_TO_FLOAT.mulaw, bytes, count, out),
  alaw: (bytes, count, out) => lookUp(G711_TO_FLOAT.alaw, bytes, count, out),
  s16le: (bytes, count, out) => decodeInt16(bytes, count, out, 0, 1),
  s16be: (bytes, count, out) => decodeInt16(bytes, count, out, 1, 0),
  f32le: (bytes, count, out) => decodeFloat32(bytes, count, out, 0, 1),
  f32be: (bytes, count, out) => decodeFloat32(bytes, count, out, 3, -1),
};

function lookUp(table: Float32Array, bytes: Uint8Array, count: number, out: Float32Array): void {
  for (let i = 0; i < count; i++) out[i] = table[bytes[i]!]!;
}

function decodeInt16(bytes: Uint8Array, count: number, out: Float32Array, low: 0 | 1, high: 0 | 1): void {
  for (let i = 0; i < count; i++) {
    out[i] = (((bytes[2 * i + high]! << 24) >> 16) | bytes[2 * i + low]!) / 32768;
  }
}

function decodeFloat32(
  bytes: Uint8Array,
  count: number,
  out: Float32Array,
  first: 0 | 3,
  step: 1 | -1,
): void {
  for (let i = 0; i < count; i++) {
    const at = 4 * i + first;
    castBits[0] =
      bytes[at]! | (bytes[at + step]! << 8) | (bytes[at + 2 * step]! << 16) | (bytes[at + 3 * step]! << 24);
    const sample = castFloat[0]!;
    if (!(Math.abs(sample) <= MAX_ABS_SAMPLE)) throw notFinite(sample, i);
    out[i] = sample;
  }
}

function notFinite(sample: number, index: number): UndertoneError {
  return new UndertoneError('UT_AUDIO_NOT_FINITE', `The sample is ${sample}.`, { place: `sample ${index}` });
}

function tooSmall(needed: number, given: number): UndertoneError {
  return new UndertoneError('UT_INTERNAL', `${needed} samples were to be decoded into room for ${given}.`);
}
