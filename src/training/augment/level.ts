/** Scales by `gainDb`; what leaves −1…1 is cut off, as a recorder would. */
export function applyGain(samples: Float32Array, gainDb: number): Float32Array {
  const factor = 10 ** (gainDb / 20);
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * factor)));
}

/** Mean power of the loudest half of 20 ms blocks: the level of the speech, not of the pauses around it. */
export function speechPower(samples: Float32Array, sampleRateHz: number): number {
  const block = Math.max(1, Math.round(sampleRateHz * 0.02));
  const powers: number[] = [];
  for (let from = 0; from < samples.length; from += block)
    powers.push(meanSquare(samples.subarray(from, from + block)));
  powers.sort((a, b) => b - a);
  const loud = powers.slice(0, Math.ceil(powers.length / 2));
  return loud.reduce((sum, power) => sum + power, 0) / Math.max(1, loud.length);
}

/**
 * Adds noise so that speech lies `snrDb` above it. The noise is taken from `offset` on and begins anew at its end.
 * @returns a new array of the length of `samples`
 */
export function addNoise(
  samples: Float32Array,
  noise: Float32Array,
  offset: number,
  snrDb: number,
  sampleRateHz: number,
): Float32Array {
  const noisePower = meanSquare(noise);
  if (noisePower === 0) return samples.slice();
  const gain = Math.sqrt(speechPower(samples, sampleRateHz) / noisePower / 10 ** (snrDb / 10));
  return samples.map((sample, i) => sample + gain * noise[(offset + i) % noise.length]!);
}

function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * samples[i]!;
  return samples.length === 0 ? 0 : sum / samples.length;
}
