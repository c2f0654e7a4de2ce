/** The signal of the golden files, by the formula of make_golden.py: chirp in noise, faint noise, digital silence. */
export function goldenSignal(seconds: number, rateHz: number): Float32Array {
  const count = Math.trunc(seconds * rateHz);
  const loudUntil = Math.trunc(0.7 * count);
  const noiseUntil = Math.trunc(0.85 * count);
  const high = 0.45 * rateHz;
  let state = 1;
  return Float32Array.from({ length: count }, (_, i) => {
    const t = i / rateHz;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const noise = state / 2 ** 31 - 1;
    const chirp = Math.sin(2 * Math.PI * (LOW_HZ * t + ((high - LOW_HZ) * t * t) / (2 * seconds)));
    if (i < loudUntil) return toInt16(0.4 * chirp + 0.05 * noise);
    return i < noiseUntil ? toInt16(0.002 * noise) : 0;
  });
}

const LOW_HZ = 80;

function toInt16(value: number): number {
  return Math.floor(value * 32767 + 0.5) / 32768;
}
