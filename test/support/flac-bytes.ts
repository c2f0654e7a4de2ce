import { bytesOf, u16be, u32be } from './audio-bytes.js';

/** Writes FLAC (RFC 9639) without compressing: verbatim or constant subframes. */
export interface FlacParts {
  readonly rateHz?: number;
  readonly bits?: 8 | 16 | 24;
  /** Integer samples of each channel, of equal length. */
  readonly channels: readonly (readonly number[])[];
  readonly blockSize?: number;
  /** Samples that STREAMINFO announces; the truth unless given, 0 = unknown. */
  readonly statedSamples?: number;
  /** Stores only the first sample of each block: silence takes a few bytes. */
  readonly constant?: boolean;
  /** Another first byte of each subframe, to make what no decoder knows. */
  readonly subframeHeader?: number;
}

export function flac(parts: FlacParts): Uint8Array {
  const { blockSize = 4096, channels } = parts;
  const total = channels[0]!.length;
  const frames: Uint8Array[] = [];
  for (let at = 0; at < total; at += blockSize) {
    const block = channels.map((channel) => channel.slice(at, at + blockSize));
    frames.push(frame(parts, frames.length, block));
  }
  return bytesOf('fLaC', streamInfo(parts, blockSize, total), ...frames);
}

function streamInfo(parts: FlacParts, blockSize: number, total: number): Uint8Array {
  const { rateHz = 16000, bits = 16, channels, statedSamples = total } = parts;
  const packed = (rateHz << 12) | ((channels.length - 1) << 9) | ((bits - 1) << 4);
  const sizes = bytesOf(u16be(blockSize), u16be(blockSize), [0, 0, 0, 0, 0, 0]);
  const body = bytesOf(sizes, u32be(packed >>> 0), u32be(statedSamples), Array(16).fill(0));
  return bytesOf([0x80, 0, 0, body.length], body);
}

const SIZE_CODES = { 8: 1, 16: 4, 24: 6 } as const;

function frame(parts: FlacParts, index: number, block: readonly (readonly number[])[]): Uint8Array {
  const { rateHz = 16000, bits = 16 } = parts;
  const assignment = ((block.length - 1) << 4) | (SIZE_CODES[bits] << 1);
  const start = [0xff, 0xf8, 0x7d, assignment, ...utf8(index)];
  const header = bytesOf(start, u16be(block[0]!.length - 1), u16be(rateHz));
  const subframes = block.flatMap((samples) => subframe(samples, bits, parts));
  const body = bytesOf(header, [crc(header, 8, 0x07)], subframes);
  return bytesOf(body, u16be(crc(body, 16, 0x8005)));
}

function subframe(samples: readonly number[], bits: number, parts: FlacParts): number[] {
  const { constant = false, subframeHeader = constant ? 0 : 2 } = parts;
  const stored = constant ? samples.slice(0, 1) : samples;
  return [subframeHeader, ...stored.flatMap((sample) => bigEndian(sample, bits / 8))];
}

function bigEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => (value >> (8 * (bytes - 1 - i))) & 255);
}

function utf8(index: number): number[] {
  return [...Buffer.from(String.fromCodePoint(index), 'utf8')];
}

function crc(bytes: Uint8Array, width: 8 | 16, polynomial: number): number {
  let register = 0;
  for (const byte of bytes) {
    register ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) {
      const carry = register >> (width - 1);
      register = ((register << 1) & (2 ** width - 1)) ^ (carry ? polynomial : 0);
    }
  }
  return register;
}
