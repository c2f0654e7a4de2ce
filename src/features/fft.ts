import FFT from 'fft.js';

/** Spectrum of real signals; one instance per length, not shared between concurrent users. */
export interface RealFft {
  /** Samples taken in, a power of two. */
  readonly length: number;
  /**
   * @param signal Float64Array [length], not changed.
   * @param power Float64Array [length / 2 + 1]; receives |X[k]|² of bins 0…length/2.
   */
  powerSpectrum(signal: Float64Array, power: Float64Array): void;
}

/** Double-precision radix-4 FFT (library fft.js). */
export function createRealFft(length: number): RealFft {
  const fft = new FFT(length);
  const spectrum = new Float64Array(length * 2);
  return {
    length,
    powerSpectrum(signal, power) {
      fft.realTransform(spectrum, signal);
      for (let bin = 0; bin <= length / 2; bin++) {
        const re = spectrum[2 * bin]!;
        const im = spectrum[2 * bin + 1]!;
        power[bin] = re * re + im * im;
      }
    },
  };
}
