/**
 * G.711: telephone samples of 8 bits, companded by µ-law (North America, Japan) or A-law (elsewhere).
 * Tables and rounding follow ITU-T G.711 with the bit-exact arithmetic of ITU-T G.191 (`ulaw_compress`,
 * `ulaw_expand`, `alaw_compress`, `alaw_expand`), on 16-bit linear samples.
 */
export type CompandingLaw = 'mulaw' | 'alaw';

const FULL_SCALE = 32768;
const MULAW_BIAS = 33;
const MULAW_MAX_MAGNITUDE = 0x1fff;

function expandMulaw(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 7;
  const step = 4 << (exponent + 1);
  const magnitude = (0x80 << exponent) + step * (inverted & 0xf) + step / 2 - 4 * MULAW_BIAS;
  return code < 0x80 ? -magnitude : magnitude;
}

function expandAlaw(code: number): number {
  const plain = (code ^ 0x55) & 0x7f;
  const exponent = plain >> 4;
  const mantissa = ((plain & 0xf) + (exponent > 0 ? 16 : 0)) * 16 + 8;
  const magnitude = exponent > 1 ? mantissa << (exponent - 1) : mantissa;
  return code < 0x80 ? -magnitude : magnitude;
}

function compressMulaw(linear: number): number {
  const magnitude = linear < 0 ? ~linear : linear;
  const biased = Math.min((magnitude >> 2) + MULAW_BIAS, MULAW_MAX_MAGNITUDE);
  const segment = 33 - Math.clz32(biased >> 6);
  const code = ((8 - segment) << 4) | (0xf - ((biased >> segment) & 0xf));
  return linear < 0 ? code : code | 0x80;
}

function compressAlaw(linear: number): number {
  const magnitude = (linear < 0 ? ~linear : linear) >> 4;
  const exponent = Math.max(0, 28 - Math.clz32(magnitude));
  const mantissa = exponent > 0 ? (magnitude >> (exponent - 1)) - 16 : magnitude;
  const code = (exponent << 4) | mantissa;
  return (linear < 0 ? code : code | 0x80) ^ 0x55;
}

function floatTable(expand: (code: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => expand(code) / FULL_SCALE);
}

/** Sample value −1…1 of each of the 256 codes, by law. */
export const G711_TO_FLOAT: Readonly<Record<CompandingLaw, Float32Array>> = {
  mulaw: floatTable(expandMulaw),
  alaw: floatTable(expandAlaw),
};

/** The code of one sample of nominal range −1…1; louder samples are clipped. */
export function g711Code(law: CompandingLaw, sample: number): number {
  const linear = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(sample * FULL_SCALE)));
  return law === 'mulaw' ? compressMulaw(linear) : compressAlaw(linear);
}

/** Encodes samples of nominal range −1…1, one byte each. */
export function encodeG711(law: CompandingLaw, samples: Float32Array): Uint8Array {
  const codes = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) codes[i] = g711Code(law, samples[i]!);
  return codes;
}
