import { UndertoneError } from '../errors.js';

/** What may be read from one file. Every bound has a default in {@link DEFAULT_AUDIO_LIMITS}. */
export interface AudioLimits {
  /** Bytes of the file. */
  readonly maxBytes: number;
  /** Bytes of the decoded samples, four a sample; a few kilobytes of FLAC can hold hours of silence. */
  readonly maxDecodedBytes: number;
  readonly maxSeconds: number;
  readonly maxChannels: number;
}

/** Four hours of a two-party telephone call fit, decoded too. */
export const DEFAULT_AUDIO_LIMITS: AudioLimits = {
  maxBytes: 512 * 2 ** 20,
  maxDecodedBytes: 2 ** 30,
  maxSeconds: 4 * 3600,
  maxChannels: 2,
};

/** Lowest and highest sampling rate Undertone works with. */
export const MIN_SAMPLE_RATE_HZ = 4000;
export const MAX_SAMPLE_RATE_HZ = 192_000;

/** @throws UT_AUDIO_RATE unless `sampleRateHz` is a whole number from 4000 to 192000. */
export function checkSampleRate(sampleRateHz: number, place: string): void {
  const inRange = sampleRateHz >= MIN_SAMPLE_RATE_HZ && sampleRateHz <= MAX_SAMPLE_RATE_HZ;
  if (inRange && Number.isInteger(sampleRateHz)) return;
  throw new UndertoneError('UT_AUDIO_RATE', `The rate is stated as ${sampleRateHz} Hz.`, { place });
}

/** @throws UT_AUDIO_CHANNELS */
export function checkChannels(channels: number, limits: AudioLimits, place: string): void {
  if (channels >= 1 && channels <= limits.maxChannels) return;
  const detail = `There are ${channels} channels, and 1 to ${limits.maxChannels} are allowed.`;
  throw new UndertoneError('UT_AUDIO_CHANNELS', detail, { place });
}

/** @throws UT_AUDIO_TOO_LONG, UT_AUDIO_TOO_LARGE; called before room for the samples is taken. */
export function checkLength(
  frames: number,
  channels: number,
  sampleRateHz: number,
  limits: AudioLimits,
  place: string,
): void {
  const seconds = frames / sampleRateHz;
  if (seconds > limits.maxSeconds) {
    const detail = `It lasts ${Math.ceil(seconds)} s, and ${limits.maxSeconds} s are allowed.`;
    throw new UndertoneError('UT_AUDIO_TOO_LONG', detail, { place });
  }
  const decodedBytes = 4 * frames * channels;
  if (decodedBytes > limits.maxDecodedBytes) throw tooLarge(decodedBytes, limits.maxDecodedBytes, place);
}

/** @throws UT_AUDIO_TOO_LARGE */
export function checkFileBytes(bytes: number, limits: AudioLimits, place: string): void {
  if (bytes > limits.maxBytes) throw tooLarge(bytes, limits.maxBytes, place);
}

function tooLarge(bytes: number, allowed: number, place: string): UndertoneError {
  const detail = `It takes ${bytes} bytes, and ${allowed} are allowed.`;
  return new UndertoneError('UT_AUDIO_TOO_LARGE', detail, { place });
}
