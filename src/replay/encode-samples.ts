import { BYTES_PER_SAMPLE, type CompandingLaw, type Encoding, encodeG711 } from '../audio/index.js';

const FULL_SCALE = 32768;

/** Samples of nominal range −1…1 as bytes; what `decodeSamples` gives back, up to the encoding's own resolution. */
export function encodeSamples(encoding: Encoding, samples: Float32Array): Uint8Array {
  if (encoding === 'mulaw' || encoding === 'alaw')
    return encodeG711(encoding satisfies CompandingLaw, samples);
  const bytes = new Uint8Array(samples.length * BYTES_PER_SAMPLE[encoding]);
  const view = new DataView(bytes.buffer);
  const littleEndian = encoding.endsWith('le');
  samples.forEach((sample, n) => {
    if (encoding.startsWith('f32')) view.setFloat32(4 * n, sample, littleEndian);
    else view.setInt16(2 * n, toInt16(sample), littleEndian);
  });
  return bytes;
}

function toInt16(sample: number): number {
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(sample * FULL_SCALE)));
}

/** One channel after the other of each instant. */
export function interleave(channels: readonly Float32Array[]): Float32Array {
  const interleaved = new Float32Array(channels.length * channels[0]!.length);
  channels.forEach((channel, index) => {
    for (let n = 0; n < channel.length; n++) interleaved[n * channels.length + index] = channel[n]!;
  });
  return interleaved;
}
