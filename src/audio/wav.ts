import { UndertoneError } from '../errors.js';
import { byteOf, SAMPLE_CODINGS, type SampleCoding, type SampleLayout, wholeUnits } from './sample-coding.js';

/**
 * RIFF/WAVE. A sequence of chunks: four letters, a 32-bit length, content, and a zero byte after odd lengths (which
 * some writers forget). Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" and
 * WAVEFORMATEXTENSIBLE.
 */

/** Lengths that programs write which do not know yet how much audio will follow (pipes, live recorders). */
const STREAMING_LENGTHS: readonly number[] = [0xffffffff, 0x7fffffff, 0x7ffff000];

const FORMAT_EXTENSIBLE = 0xfffe;

const CODINGS_BY_FORMAT: Readonly<Record<number, Readonly<Record<number, SampleCoding>>>> = {
  1: { 1: 'u8', 2: 's16le', 3: 's24le', 4: 's32le' },
  3: { 4: 'f32le', 8: 'f64le' },
  6: { 1: 'alaw' },
  7: { 1: 'mulaw' },
};

type WavFormat = Pick<SampleLayout, 'coding' | 'sampleRateHz' | 'channels'>;

/** What the header says of the audio data; `statedBytes` is undefined where the writer did not know. */
interface WavData {
  readonly offset: number;
  readonly statedBytes: number | undefined;
}

/** @throws UT_AUDIO_HEADER, UT_AUDIO_CODEC, UT_AUDIO_TRUNCATED where the header itself is cut off */
export function parseWav(bytes: Uint8Array, place: string): SampleLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { formatAt, data } = findChunks(view, place);
  const format = parseFormat(view, formatAt, place);
  const frameBytes = SAMPLE_CODINGS[format.coding].bytes * format.channels;
  const frames = wholeUnits(bytes.length - data.offset, frameBytes);
  const statedFrames = data.statedBytes === undefined ? frames : wholeUnits(data.statedBytes, frameBytes);
  return { ...format, dataOffset: data.offset, frames: Math.min(frames, statedFrames), statedFrames };
}

function findChunks(view: DataView, place: string): { formatAt: number; data: WavData } {
  let at = 12;
  let formatAt: number | undefined;
  let data: WavData | undefined;
  while (at + 8 <= view.byteLength && (formatAt === undefined || data === undefined)) {
    const id = view.getUint32(at);
    const size = view.getUint32(at + 4, true);
    if (id === FMT) formatAt = at + 8;
    if (id === DATA) data = { offset: at + 8, statedBytes: statedBytes(view, size) };
    at = nextChunk(view, at + 8 + size);
  }
  if (formatAt === undefined) throw missing('fmt', at, view, place);
  if (data === undefined) throw missing('data', at, view, place);
  return { formatAt, data };
}

const FMT = 0x666d7420;
const DATA = 0x64617461;

/** Steps over the zero byte that follows a chunk of odd length; an identifier never begins with one. */
function nextChunk(view: DataView, at: number): number {
  return at % 2 === 1 && at < view.byteLength && view.getUint8(at) === 0 ? at + 1 : at;
}

/** A length of 0 is a streaming writer's, unless the length of the whole was filled in, as after a finished recording. */
function statedBytes(view: DataView, size: number): number | undefined {
  const wholeIsRight = view.getUint32(4, true) + 8 === view.byteLength;
  return STREAMING_LENGTHS.includes(size) || (size === 0 && !wholeIsRight) ? undefined : size;
}

function missing(chunk: string, at: number, view: DataView, place: string): UndertoneError {
  const cutOff = at !== view.byteLength;
  const detail = `No "${chunk}" chunk ${cutOff ? 'lies before the end of the file' : 'is there'}.`;
  const code = cutOff ? 'UT_AUDIO_TRUNCATED' : 'UT_AUDIO_HEADER';
  return new UndertoneError(code, detail, { place: byteOf(place, Math.min(at, view.byteLength)) });
}

function parseFormat(view: DataView, at: number, place: string): WavFormat {
  const size = view.getUint32(at - 4, true);
  if (size < 16 || at + size > view.byteLength) {
    throw badHeader(`The "fmt" chunk is ${size} bytes long.`, place, at - 4);
  }
  const channels = view.getUint16(at + 2, true);
  const sampleRateHz = view.getUint32(at + 4, true);
  return { coding: codingOf(view, at, size, channels, place), sampleRateHz, channels };
}

function codingOf(view: DataView, at: number, size: number, channels: number, place: string): SampleCoding {
  const format = formatTag(view, at, size, place);
  const widths = CODINGS_BY_FORMAT[format];
  if (widths === undefined) {
    const detail = `The header names WAVE format ${format} (0x${format.toString(16).padStart(4, '0')}).`;
    throw new UndertoneError('UT_AUDIO_CODEC', detail, { place: byteOf(place, at) });
  }
  const frameBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  // Without channels there is no width to judge; the number of channels itself is refused by the caller.
  const coding = widths[channels === 0 ? Math.ceil(bits / 8) : frameBytes / channels];
  if (coding === undefined || bits === 0 || bits > 8 * SAMPLE_CODINGS[coding].bytes) {
    const detail = `${bits} bits a sample do not go with ${channels} channels in ${frameBytes} bytes.`;
    throw badHeader(detail, place, at + 12);
  }
  return coding;
}

/** The format number; for WAVE_FORMAT_EXTENSIBLE the one that begins its GUID. */
function formatTag(view: DataView, at: number, size: number, place: string): number {
  const tag = view.getUint16(at, true);
  if (tag !== FORMAT_EXTENSIBLE) return tag;
  if (size < 40) throw badHeader(`The extensible "fmt" chunk is ${size} bytes long, not 40.`, place, at - 4);
  return view.getUint16(at + 24, true);
}

function badHeader(detail: string, place: string, at: number): UndertoneError {
  return new UndertoneError('UT_AUDIO_HEADER', detail, { place: byteOf(place, at) });
}
