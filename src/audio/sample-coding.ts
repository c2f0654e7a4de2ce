import { UndertoneError } from '../errors.js';
import type { AudioClip } from './format.js';
import { G711_TO_FLOAT } from './g711.js';
import { MAX_ABS_SAMPLE } from './pcm-decoder.js';

interface Coding {
  readonly bytes: number;
  /** The sample at a byte offset, nominal range −1…1. */
  readonly read: (view: DataView, at: number) => number;
}

const int24 = (high: number, middle: number, low: number): number =>
  ((high << 24) | (middle << 16) | (low << 8)) / 2 ** 31;

/** How files write one sample; integers are left-justified in their container, so its width alone counts. */
export const SAMPLE_CODINGS = {
  u8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  s8: { bytes: 1, read: (view, at) => view.getInt8(at) / 128 },
  s16le: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 2 ** 15 },
  s16be: { bytes: 2, read: (view, at) => view.getInt16(at) / 2 ** 15 },
  s24le: {
    bytes: 3,
    read: (view, at) => int24(view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at)),
  },
  s24be: {
    bytes: 3,
    read: (view, at) => int24(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2)),
  },
  s32le: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2 ** 31 },
  s32be: { bytes: 4, read: (view, at) => view.getInt32(at) / 2 ** 31 },
  f32le: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  f32be: { bytes: 4, read: (view, at) => view.getFloat32(at) },
  f64le: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  f64be: { bytes: 8, read: (view, at) => view.getFloat64(at) },
  mulaw: { bytes: 1, read: (view, at) => G711_TO_FLOAT.mulaw[view.getUint8(at)]! },
  alaw: { bytes: 1, read: (view, at) => G711_TO_FLOAT.alaw[view.getUint8(at)]! },
} as const satisfies Record<string, Coding>;

export type SampleCoding = keyof typeof SAMPLE_CODINGS;

/** Where the samples of an uncompressed file lie and how they are written; a frame is one instant of all channels. */
export interface SampleLayout {
  readonly coding: SampleCoding;
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly dataOffset: number;
  /** Frames that lie whole in the file. */
  readonly frames: number;
  /** Frames that the header announces; more than `frames` in a file that was cut off. */
  readonly statedFrames: number;
}

/** How many units of `unitBytes` lie whole in `bytes`; none where either is not positive. */
export function wholeUnits(bytes: number, unitBytes: number): number {
  return bytes > 0 && unitBytes > 0 ? Math.floor(bytes / unitBytes) : 0;
}

/**
 * Reads every sample of a layout that lies within `bytes`.
 *
 * @throws UT_AUDIO_NOT_FINITE with the byte offset of the sample.
 */
export function readSamples(bytes: Uint8Array, layout: SampleLayout, place: string): AudioClip {
  const { bytes: width, read } = SAMPLE_CODINGS[layout.coding] as Coding;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const channels = Array.from({ length: layout.channels }, () => new Float32Array(layout.frames));
  for (const [index, channel] of channels.entries()) {
    let at = layout.dataOffset + index * width;
    for (let i = 0; i < layout.frames; i++, at += width * layout.channels) {
      const sample = read(view, at);
      if (!(Math.abs(sample) <= MAX_ABS_SAMPLE)) throw notFinite(sample, place, at);
      channel[i] = sample;
    }
  }
  return { sampleRateHz: layout.sampleRateHz, channels };
}

function notFinite(sample: number, place: string, at: number): UndertoneError {
  return new UndertoneError('UT_AUDIO_NOT_FINITE', `The sample is ${sample}.`, { place: byteOf(place, at) });
}

/** A place inside a file, for errors. */
export function byteOf(place: string, offset: number): string {
  return `${place}, byte ${offset}`;
}
