import { readFile, stat } from 'node:fs/promises';
import { UndertoneError } from '../errors.js';
import { parseAiff } from './aiff.js';
import {
  type AudioLimits,
  checkChannels,
  checkFileBytes,
  checkLength,
  checkSampleRate,
  DEFAULT_AUDIO_LIMITS,
} from './audio-limits.js';
import { decodeFlac } from './flac.js';
import type { AudioClip, AudioFormat } from './format.js';
import { byteOf, readSamples, SAMPLE_CODINGS, type SampleLayout, wholeUnits } from './sample-coding.js';
import { parseWav } from './wav.js';

export interface AudioReadOptions extends Partial<AudioLimits> {
  /** Takes what is there of a file that ends too early, or has damaged parts. Default false: such a file is an error. */
  readonly tolerateTruncation?: boolean;
  /** How to read a file without a header. A file that has one is read by it. */
  readonly rawFormat?: AudioFormat;
}

/**
 * Reads a WAV, AIFF, AIFF-C or FLAC file. The content decides which it is; the name plays no part.
 *
 * @throws UT_AUDIO_UNREADABLE and all that {@link decodeAudio} throws, with the path and the byte as place.
 */
export async function readAudioFile(path: string, options: AudioReadOptions = {}): Promise<AudioClip> {
  return decodeAudio(await readBytes(path, { ...DEFAULT_AUDIO_LIMITS, ...options }), path, options);
}

/**
 * Decodes the bytes of a whole file.
 *
 * @param place what errors call the bytes: a path, the name of an upload.
 * @throws UT_AUDIO_EMPTY, UT_AUDIO_UNKNOWN_FORMAT, UT_AUDIO_HEADER, UT_AUDIO_TRUNCATED, UT_AUDIO_CODEC,
 *   UT_AUDIO_CHANNELS, UT_AUDIO_RATE, UT_AUDIO_NOT_FINITE, UT_AUDIO_TOO_LARGE, UT_AUDIO_TOO_LONG
 */
export async function decodeAudio(
  bytes: Uint8Array,
  place: string,
  options: AudioReadOptions = {},
): Promise<AudioClip> {
  const limits = { ...DEFAULT_AUDIO_LIMITS, ...options };
  const tolerant = options.tolerateTruncation ?? false;
  checkFileBytes(bytes.length, limits, place);
  if (bytes.length === 0) throw new UndertoneError('UT_AUDIO_EMPTY', 'The file is 0 bytes long.', { place });
  const clip = await decodeByContent(bytes, place, limits, tolerant, options.rawFormat);
  if (clip.channels[0]!.length === 0) {
    throw new UndertoneError('UT_AUDIO_EMPTY', 'There is a header, but not one sample.', { place });
  }
  return clip;
}

async function decodeByContent(
  bytes: Uint8Array,
  place: string,
  limits: AudioLimits,
  tolerant: boolean,
  rawFormat: AudioFormat | undefined,
): Promise<AudioClip> {
  const container = containerOf(bytes, place);
  if (container === 'flac') return decodeFlac(bytes, place, limits, tolerant);
  if (container === 'wav') return decodeLayout(bytes, parseWav(bytes, place), place, limits, tolerant);
  if (container === 'aiff') return decodeLayout(bytes, parseAiff(bytes, place), place, limits, tolerant);
  if (rawFormat === undefined) {
    throw new UndertoneError('UT_AUDIO_UNKNOWN_FORMAT', describe(bytes), { place });
  }
  return decodeLayout(bytes, rawLayout(bytes, rawFormat), place, limits, tolerant);
}

function decodeLayout(
  bytes: Uint8Array,
  layout: SampleLayout,
  place: string,
  limits: AudioLimits,
  tolerant: boolean,
): AudioClip {
  checkChannels(layout.channels, limits, place);
  checkSampleRate(layout.sampleRateHz, place);
  if (layout.statedFrames > layout.frames && !tolerant) throw truncated(layout, place);
  checkLength(layout.frames, layout.channels, layout.sampleRateHz, limits, place);
  return readSamples(bytes, layout, place);
}

function truncated(layout: SampleLayout, place: string): UndertoneError {
  const detail = `${layout.statedFrames} samples a channel are announced, ${layout.frames} are there.`;
  return new UndertoneError('UT_AUDIO_TRUNCATED', detail, { place: byteOf(place, layout.dataOffset) });
}

/** What the first bytes of a file say; undefined for none of these. @throws UT_AUDIO_TRUNCATED where they end too early */
export function containerOf(bytes: Uint8Array, place: string): 'wav' | 'aiff' | 'flac' | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.length)).toString('latin1');
  if (head.startsWith('fLaC')) return 'flac';
  const isRiff = head.startsWith('RIFF');
  if (!isRiff && !head.startsWith('FORM')) return undefined;
  if (bytes.length < 12) {
    throw new UndertoneError('UT_AUDIO_TRUNCATED', `The file is ${bytes.length} bytes long.`, { place });
  }
  const kind = head.slice(8);
  if (isRiff) return kind === 'WAVE' ? 'wav' : undefined;
  return kind === 'AIFF' || kind === 'AIFC' ? 'aiff' : undefined;
}

/** A file that ends inside a sample counts as one that announces that sample. */
function rawLayout(bytes: Uint8Array, format: AudioFormat): SampleLayout {
  const frameBytes = SAMPLE_CODINGS[format.encoding].bytes * format.channels;
  return {
    coding: format.encoding,
    sampleRateHz: format.sampleRateHz,
    channels: format.channels,
    dataOffset: 0,
    frames: wholeUnits(bytes.length, frameBytes),
    statedFrames: Math.ceil(bytes.length / frameBytes),
  };
}

/** What an unknown file looks like, without quoting it: it may be anybody's private text. */
function describe(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 512);
  const isText = head.every((byte) => (byte >= 32 && byte < 127) || byte >= 128 || (byte >= 9 && byte <= 13));
  if (isText) return 'It looks like text.';
  const hex = Buffer.from(head.subarray(0, 4)).toString('hex');
  return `It begins with the bytes ${hex}.`;
}

async function readBytes(path: string, limits: AudioLimits): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw unreadable(path, 'It is not an ordinary file.');
    checkFileBytes(stats.size, limits, path);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof UndertoneError) throw cause;
    throw unreadable(path, cause instanceof Error ? `${cause.message}.` : 'Reading failed.', cause);
  }
}

function unreadable(path: string, detail: string, cause?: unknown): UndertoneError {
  return new UndertoneError('UT_AUDIO_UNREADABLE', detail, { place: path, cause });
}
