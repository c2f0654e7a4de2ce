/** Zero crossings of the sinc on each side. */
const CROSSINGS = 12;
/** Table entries between two zero crossings; the nearest one is used (error about −60 dB). */
const RESOLUTION = 512;

/** sinc · Hann over [0, CROSSINGS], the right half of a symmetric kernel. */
const KERNEL = Float64Array.from({ length: CROSSINGS * RESOLUTION + 1 }, (_, i) => {
  const x = i / RESOLUTION;
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS));
});

/**
 * Reads `samples` at every `step`-th position by windowed-sinc interpolation: played at the rate of the source, the
 * result is `step` times as fast and as high. Used to disturb pitch and tempo; rates are converted by the audio room.
 *
 * @param step > 0; above 1 the band is limited first, so that nothing folds back
 * @returns Float32Array [floor(samples.length / step)]
 */
export function readAtStep(samples: Float32Array, step: number): Float32Array {
  const out = new Float32Array(Math.floor(samples.length / step));
  const cutoff = Math.min(1, 1 / step);
  const reach = CROSSINGS / cutoff;
  for (let i = 0; i < out.length; i++) {
    const centre = i * step;
    const from = Math.max(0, Math.ceil(centre - reach));
    const to = Math.min(samples.length - 1, Math.floor(centre + reach));
    let sum = 0;
    for (let k = from; k <= to; k++) {
      sum += samples[k]! * KERNEL[Math.round(Math.abs(k - centre) * cutoff * RESOLUTION)]!;
    }
    out[i] = sum * cutoff;
  }
  return out;
}
