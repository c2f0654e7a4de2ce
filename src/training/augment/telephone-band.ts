type Biquad = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

/** Second-order Butterworth sections (RBJ Audio EQ Cookbook). */
function section(kind: 'lowpass' | 'highpass', cutoffHz: number, sampleRateHz: number): Biquad {
  const w = (2 * Math.PI * cutoffHz) / sampleRateHz;
  const alpha = Math.sin(w) / Math.SQRT2;
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const edge = kind === 'lowpass' ? (1 - cos) / 2 : (1 + cos) / 2;
  const middle = kind === 'lowpass' ? 1 - cos : -(1 + cos);
  return [edge / a0, middle / a0, edge / a0, (-2 * cos) / a0, (1 - alpha) / a0];
}

function filter(samples: Float32Array, [b0, b1, b2, a1, a2]: Biquad): Float32Array {
  const out = new Float32Array(samples.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    out[i] = y;
  }
  return out;
}

/** The band of analogue telephony, 300–3400 Hz, 12 dB an octave on each side. */
export function limitToTelephoneBand(samples: Float32Array, sampleRateHz: number): Float32Array {
  const high = filter(samples, section('highpass', 300, sampleRateHz));
  return sampleRateHz <= 6800 ? high : filter(high, section('lowpass', 3400, sampleRateHz));
}
