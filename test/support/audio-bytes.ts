/** Builds audio files byte by byte, right ones and wrong ones. */

type Part = string | Uint8Array | readonly number[];

export function bytesOf(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : [...part])),
  );
}

export const u16le = (value: number) => [value & 255, (value >> 8) & 255];
export const u32le = (value: number) => [...u16le(value & 0xffff), ...u16le(value >>> 16)];
export const u16be = (value: number) => u16le(value).reverse();
export const u32be = (value: number) => u32le(value).reverse();

export interface WavFmt {
  readonly format?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits?: number;
  readonly frameBytes?: number;
  /** Bytes after the first 16 of the chunk. */
  readonly extension?: Uint8Array;
}

export function fmtChunk(fmt: WavFmt = {}): Uint8Array {
  const { format = 1, channels = 1, rateHz = 8000, bits = 16, extension = new Uint8Array(0) } = fmt;
  const frameBytes = fmt.frameBytes ?? (channels * bits) / 8;
  const body = bytesOf(
    u16le(format),
    u16le(channels),
    u32le(rateHz),
    u32le(rateHz * frameBytes),
    u16le(frameBytes),
    u16le(bits),
    extension,
  );
  return bytesOf('fmt ', u32le(body.length), body);
}

/** WAVE_FORMAT_EXTENSIBLE around another format. */
export function extensibleFmtChunk(fmt: WavFmt): Uint8Array {
  const guidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
  const extension = bytesOf(u16le(22), u16le(fmt.bits ?? 16), u32le(4), u16le(fmt.format ?? 1), guidTail);
  return fmtChunk({ ...fmt, format: 0xfffe, extension });
}

/** @param statedBytes what the chunk says of its length; the truth unless given. */
export function dataChunk(data: Uint8Array, statedBytes = data.length): Uint8Array {
  return bytesOf('data', u32le(statedBytes), data);
}

export function riff(chunks: readonly Uint8Array[], statedBytes?: number): Uint8Array {
  const body = bytesOf('WAVE', ...chunks);
  return bytesOf('RIFF', u32le(statedBytes ?? body.length), body);
}

export interface AiffCommon {
  readonly channels?: number;
  readonly frames: number;
  readonly bits?: number;
  /** AIFF-C where given, plain AIFF otherwise. */
  readonly type?: string;
  /** The ten bytes of the rate; 8000 Hz unless given. */
  readonly rate?: readonly number[];
}

const RATE_8000 = [0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0];

export function aiff(common: AiffCommon, sound: Uint8Array): Uint8Array {
  const { channels = 1, frames, bits = 16, type, rate = RATE_8000 } = common;
  const typed = type === undefined ? [] : [...Buffer.from(type, 'latin1'), 0, 0];
  const comm = bytesOf(u16be(channels), u32be(frames), u16be(bits), rate, typed);
  const ssnd = bytesOf(u32be(0), u32be(0), sound);
  const body = bytesOf(
    type === undefined ? 'AIFF' : 'AIFC',
    bytesOf('COMM', u32be(comm.length), comm),
    bytesOf('SSND', u32be(ssnd.length), ssnd, sound.length % 2 === 1 ? [0] : []),
  );
  return bytesOf('FORM', u32be(body.length), body);
}
