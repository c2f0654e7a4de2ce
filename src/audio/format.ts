/** How one audio sample is written on the wire or in a file. `s16` is 16-bit signed, `f32` IEEE float in −1…1. */
export const ENCODINGS = ['mulaw', 'alaw', 's16le', 's16be', 'f32le', 'f32be'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Bytes that one sample of one channel takes. */
export const BYTES_PER_SAMPLE: Readonly<Record<Encoding, number>> = {
  mulaw: 1,
  alaw: 1,
  s16le: 2,
  s16be: 2,
  f32le: 4,
  f32be: 4,
};

/** Interleaved audio: `channels` samples of one instant follow each other. */
export interface AudioFormat {
  readonly encoding: Encoding;
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** Decoded audio, one array per channel, all of equal length, nominal range −1…1. */
export interface AudioClip {
  readonly sampleRateHz: number;
  readonly channels: readonly Float32Array[];
}
