import { UndertoneError } from '../errors.js';
import { byteOf, SAMPLE_CODINGS, type SampleCoding, type SampleLayout, wholeUnits } from './sample-coding.js';

/**
 * AIFF and AIFF-C, big-endian throughout. Source: Apple, "Audio Interchange File Format AIFF-C" (1991), and the
 * compression types that macOS and QuickTime added (`sowt`, `fl32`, `fl64`).
 */
const CODINGS_BY_TYPE: Readonly<Record<string, Readonly<Record<number, SampleCoding>>>> = {
  NONE: { 1: 's8', 2: 's16be', 3: 's24be', 4: 's32be' },
  twos: { 1: 's8', 2: 's16be', 3: 's24be', 4: 's32be' },
  sowt: { 1: 's8', 2: 's16le', 3: 's24le', 4: 's32le' },
  fl32: { 4: 'f32be' },
  FL32: { 4: 'f32be' },
  fl64: { 8: 'f64be' },
  FL64: { 8: 'f64be' },
};

/** Companded types state 16 bits, the width they expand to, or 8; one byte is stored either way. */
const COMPANDED: Readonly<Record<string, SampleCoding>> = {
  ulaw: 'mulaw',
  ULAW: 'mulaw',
  alaw: 'alaw',
  ALAW: 'alaw',
};

interface Chunk {
  /** First byte of the content. */
  readonly at: number;
  readonly size: number;
}

/** @throws UT_AUDIO_HEADER, UT_AUDIO_CODEC, UT_AUDIO_TRUNCATED where the header itself is cut off */
export function parseAiff(bytes: Uint8Array, place: string): SampleLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = findChunks(view);
  const common = needed(chunks, 'COMM', 18, view, place);
  const sound = needed(chunks, 'SSND', 8, view, place);
  const coding = codingOf(view, common, place);
  const channels = view.getUint16(common.at);
  const sampleRateHz = Math.round(readExtended(view, common.at + 8));
  const dataOffset = sound.at + 8 + view.getUint32(sound.at);
  const soundEnd = Math.min(sound.at + sound.size, bytes.length);
  const present = wholeUnits(soundEnd - dataOffset, SAMPLE_CODINGS[coding].bytes * channels);
  // Live writers leave the count at 0.
  const statedFrames = view.getUint32(common.at + 2) || present;
  const frames = Math.min(present, statedFrames);
  return { coding, sampleRateHz, channels, dataOffset, frames, statedFrames };
}

function findChunks(view: DataView): ReadonlyMap<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4);
    const id = fourLetters(view, at);
    if (!chunks.has(id)) chunks.set(id, { at: at + 8, size });
    at += 8 + size + (size % 2);
  }
  return chunks;
}

function needed(
  chunks: ReadonlyMap<string, Chunk>,
  id: string,
  minBytes: number,
  view: DataView,
  place: string,
): Chunk {
  const chunk = chunks.get(id);
  if (chunk === undefined) {
    throw new UndertoneError('UT_AUDIO_HEADER', `No "${id}" chunk is there.`, { place });
  }
  if (chunk.size < minBytes || chunk.at + minBytes > view.byteLength) {
    const detail = `The "${id}" chunk is cut short.`;
    throw new UndertoneError('UT_AUDIO_TRUNCATED', detail, { place: byteOf(place, chunk.at) });
  }
  return chunk;
}

function codingOf(view: DataView, common: Chunk, place: string): SampleCoding {
  const isAiffC = fourLetters(view, 8) === 'AIFC';
  const typed = isAiffC && common.size >= 22 && common.at + 22 <= view.byteLength;
  if (isAiffC && !typed) {
    const detail = 'The "COMM" chunk of an AIFF-C file names no compression type.';
    throw new UndertoneError('UT_AUDIO_HEADER', detail, { place: byteOf(place, common.at) });
  }
  const type = typed ? fourLetters(view, common.at + 18) : 'NONE';
  const bits = view.getUint16(common.at + 6);
  const coding = COMPANDED[type] ?? CODINGS_BY_TYPE[type]?.[Math.ceil(bits / 8)];
  if (coding === undefined) {
    const detail = `The header names compression type ${JSON.stringify(type)} with ${bits} bits a sample.`;
    throw new UndertoneError('UT_AUDIO_CODEC', detail, { place: byteOf(place, common.at + 6) });
  }
  return coding;
}

/** IEEE 754 extended precision, 80 bits: sign and exponent in two bytes, then the mantissa with its leading 1. */
function readExtended(view: DataView, at: number): number {
  const signAndExponent = view.getUint16(at);
  const mantissa = view.getUint32(at + 2) * 2 ** 32 + view.getUint32(at + 6);
  const magnitude = mantissa * 2 ** ((signAndExponent & 0x7fff) - 16383 - 63);
  return signAndExponent & 0x8000 ? -magnitude : magnitude;
}

function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}
