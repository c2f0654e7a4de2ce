import { type FLACDecodedAudio, FLACDecoder } from '@wasm-audio-decoders/flac';
import { UndertoneError } from '../errors.js';
import { type AudioLimits, checkChannels, checkLength, checkSampleRate } from './audio-limits.js';
import type { AudioClip } from './format.js';
import { byteOf } from './sample-coding.js';

/**
 * Compressed bytes given to the decoder at once. A frame of silence takes about ten bytes and may hold 65,535 samples
 * a channel, so this bounds what one step can unpack before the limits are looked at again.
 */
const STEP_BYTES = 4096;

/** RFC 9639, section 9.1; the decoder looks a few bytes further before it trusts a header. */
const MAX_FRAME_HEADER_BYTES = 16;
const TERMINATOR_BYTES = 64;

/** The STREAMINFO block (RFC 9639, section 8.2). */
interface StreamInfo {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bits: number;
  /** Samples a channel, 0 where the writer did not know. */
  readonly totalSamples: number;
  /** First byte after the metadata. */
  readonly framesAt: number;
}

/**
 * Decodes a FLAC file. The decoder leaves out a frame whose checksum is wrong, and up to 512 KiB behind it while it
 * looks for the next whole one; the count of samples shows it.
 *
 * @throws UT_AUDIO_HEADER, UT_AUDIO_TRUNCATED, UT_AUDIO_RATE, UT_AUDIO_CHANNELS, UT_AUDIO_TOO_LONG, UT_AUDIO_TOO_LARGE
 */
export async function decodeFlac(
  bytes: Uint8Array,
  place: string,
  limits: AudioLimits,
  tolerateTruncation: boolean,
): Promise<AudioClip> {
  const info = parseStreamInfo(bytes, place);
  checkSampleRate(info.sampleRateHz, byteOf(place, 18));
  checkChannels(info.channels, limits, byteOf(place, 20));
  checkLength(info.totalSamples, info.channels, info.sampleRateHz, limits, place);
  const { pieces, damaged } = await decodeFrames(bytes.subarray(info.framesAt), info, limits, place);
  const frames = pieces.reduce((sum, piece) => sum + piece[0]!.length, 0);
  if ((damaged || frames < info.totalSamples) && !tolerateTruncation) {
    const stated = info.totalSamples || 'an unknown number of';
    const detail = `The header announces ${stated} samples a channel, ${frames} could be decoded.`;
    throw new UndertoneError('UT_AUDIO_TRUNCATED', detail, { place });
  }
  const channels = Array.from({ length: info.channels }, (_, c) =>
    joinAndScale(
      pieces.map((piece) => piece[c]!),
      frames,
      info.bits,
    ),
  );
  return { sampleRateHz: info.sampleRateHz, channels };
}

function parseStreamInfo(bytes: Uint8Array, place: string): StreamInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 42) {
    throw new UndertoneError('UT_AUDIO_TRUNCATED', `The file is ${bytes.length} bytes long.`, { place });
  }
  if ((view.getUint8(4) & 0x7f) !== 0 || view.getUint32(4) % 2 ** 24 < 34) {
    const detail = 'The first metadata block is not STREAMINFO.';
    throw new UndertoneError('UT_AUDIO_HEADER', detail, { place: byteOf(place, 4) });
  }
  const packed = view.getUint32(18);
  return {
    sampleRateHz: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    totalSamples: (packed & 15) * 2 ** 32 + view.getUint32(22),
    framesAt: endOfMetadata(view, place),
  };
}

function endOfMetadata(view: DataView, place: string): number {
  let at = 4;
  while (at + 4 <= view.byteLength) {
    const header = view.getUint32(at);
    at += 4 + (header & 0xffffff);
    if (header >>> 31 === 1 && at <= view.byteLength) return at;
  }
  const detail = 'The file ends inside its metadata.';
  throw new UndertoneError('UT_AUDIO_TRUNCATED', detail, { place: byteOf(place, view.byteLength) });
}

interface Decoded {
  /** Consecutive stretches of audio, each one array a channel. */
  readonly pieces: readonly Float32Array[][];
  /** True where a frame was whole and yet meant nothing. */
  readonly damaged: boolean;
}

async function decodeFrames(
  frames: Uint8Array,
  info: StreamInfo,
  limits: AudioLimits,
  place: string,
): Promise<Decoded> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    const pieces: Float32Array[][] = [];
    let samples = 0;
    let damaged = false;
    for (const step of stepsOf(frames)) {
      const part = await decoded(decoder, step);
      if (part === null || part.errors.length > 0) damaged = true;
      if (part === null) break;
      if (part.samplesDecoded === 0) continue;
      checkPart(part, info, place);
      samples += part.samplesDecoded;
      checkLength(samples, info.channels, info.sampleRateHz, limits, place);
      pieces.push(part.channelData);
    }
    return { pieces, damaged };
  } finally {
    decoder.free();
  }
}

/** Null where the decoder itself stumbled over damaged bytes (it then throws a TypeError) and can't go on. */
async function decoded(decoder: FLACDecoder, step: Uint8Array): Promise<FLACDecodedAudio | null> {
  try {
    return await decoder.decode(step);
  } catch {
    return null;
  }
}

/**
 * The frames in steps, and after them the header of the first frame again: the decoder takes a frame for complete
 * when a header follows, and its own `flush` loses the last frame when the byte before its checksum is 0xff.
 */
function* stepsOf(frames: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < frames.length; at += STEP_BYTES) yield frames.subarray(at, at + STEP_BYTES);
  const terminator = new Uint8Array(TERMINATOR_BYTES);
  terminator.set(frames.subarray(0, MAX_FRAME_HEADER_BYTES));
  yield terminator;
}

function checkPart(part: FLACDecodedAudio, info: StreamInfo, place: string): void {
  const found = `${part.channelData.length} channels of ${part.bitDepth} bits`;
  const stated = `${info.channels} channels of ${info.bits} bits`;
  if (found !== stated) {
    const detail = `The header announces ${stated}, the audio has ${found}.`;
    throw new UndertoneError('UT_AUDIO_HEADER', detail, { place });
  }
}

/**
 * Joins the pieces of a channel. The decoder divides integers by 2^(bits−1) − 1; every other reader here divides by
 * 2^(bits−1), so the integer is restored first.
 */
function joinAndScale(pieces: readonly Float32Array[], length: number, bits: number): Float32Array {
  const fullScale = 2 ** (bits - 1);
  const joined = new Float32Array(length);
  let at = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i++) joined[at++] = Math.round(piece[i]! * (fullScale - 1)) / fullScale;
  }
  return joined;
}
