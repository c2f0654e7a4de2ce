import type { AudioClip } from './format.js';
import { encodeG711 } from './g711.js';

const WAVE_FORMAT = { s16le: 1, f32le: 3, mulaw: 7, alaw: 6 } as const;
const BYTES = { s16le: 2, f32le: 4, mulaw: 1, alaw: 1 } as const;
export type WavEncoding = keyof typeof WAVE_FORMAT;

const HEADER_BYTES = 44;

/** A complete RIFF/WAVE file with the 44-byte header; samples beyond ±1 are clipped unless the encoding is float. */
export function encodeWav(clip: AudioClip, encoding: WavEncoding): Uint8Array {
  const channels = clip.channels.length;
  const frames = clip.channels[0]?.length ?? 0;
  const dataBytes = frames * channels * BYTES[encoding];
  const file = new Uint8Array(HEADER_BYTES + dataBytes + (dataBytes % 2));
  const view = new DataView(file.buffer);
  writeHeader(view, clip.sampleRateHz, channels, encoding, dataBytes);
  file.set(encodeSamples(interleave(clip.channels, frames), encoding), HEADER_BYTES);
  return file;
}

function writeHeader(
  view: DataView,
  sampleRateHz: number,
  channels: number,
  encoding: WavEncoding,
  dataBytes: number,
): void {
  const frameBytes = channels * BYTES[encoding];
  writeLetters(view, 0, 'RIFF');
  view.setUint32(4, view.byteLength - 8, true);
  writeLetters(view, 8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, WAVE_FORMAT[encoding], true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 8 * BYTES[encoding], true);
  writeLetters(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
}

function writeLetters(view: DataView, at: number, letters: string): void {
  for (let i = 0; i < letters.length; i++) view.setUint8(at + i, letters.charCodeAt(i));
}

function interleave(channels: readonly Float32Array[], frames: number): Float32Array {
  const interleaved = new Float32Array(frames * channels.length);
  for (const [index, channel] of channels.entries()) {
    for (let i = 0; i < frames; i++) interleaved[i * channels.length + index] = channel[i]!;
  }
  return interleaved;
}

function encodeSamples(samples: Float32Array, encoding: WavEncoding): Uint8Array {
  if (encoding === 'mulaw' || encoding === 'alaw') return encodeG711(encoding, samples);
  const bytes = new Uint8Array(samples.length * BYTES[encoding]);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) {
    if (encoding === 'f32le') view.setFloat32(4 * i, samples[i]!, true);
    else view.setInt16(2 * i, toInt16(samples[i]!), true);
  }
  return bytes;
}

function toInt16(sample: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
}
