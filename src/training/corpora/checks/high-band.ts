import { createRealFft } from '../../../features/index.js';

const FFT = 1024;
/** Telephone audio ends at 3.4 kHz, and what resampling leaves of it a little above 4 kHz. */
const TELEPHONE_TOP_HZ = 4200;
/** Rates from which on there is enough room above the telephone band to judge by. */
const WIDE_RATE_HZ = 12_000;

/**
 * Power above the telephone band relative to all power, dB: −40 to −5 for speech, below −60 where a recording was made
 * at 8 kHz and converted. `null` for rates that have no room for more, for silence and for less than one block.
 * @param samples mono
 */
export function highBandDb(samples: Float32Array, sampleRateHz: number): number | null {
  if (sampleRateHz < WIDE_RATE_HZ) return null;
  const firstHighBin = Math.ceil((TELEPHONE_TOP_HZ * FFT) / sampleRateHz);
  const power = powerSum(samples);
  const sum = (from: number) => power.subarray(from).reduce((a, b) => a + b, 0);
  const [all, high] = [sum(0), sum(firstHighBin)];
  return all === 0 || high === 0 ? null : 10 * Math.log10(high / all);
}

/** |X[k]|² of all blocks of a recording, added up: Float64Array [FFT / 2 + 1]. */
function powerSum(samples: Float32Array): Float64Array {
  const fft = createRealFft(FFT);
  const block = new Float64Array(FFT);
  const power = new Float64Array(FFT / 2 + 1);
  const sum = new Float64Array(FFT / 2 + 1);
  for (let at = 0; at + FFT <= samples.length; at += FFT) {
    for (let i = 0; i < FFT; i++) block[i] = samples[at + i]! * HANN[i]!;
    fft.powerSpectrum(block, power);
    for (let bin = 0; bin < sum.length; bin++) sum[bin]! += power[bin]!;
  }
  return sum;
}

const HANN = Float64Array.from({ length: FFT }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FFT));
