/**
 * Least-squares slope and curvature over a stretch of frames: the first and second derivative of the polynomial of
 * that degree fitted to it (Savitzky & Golay 1964). Frames beyond the window count as its first or last one.
 * Equals librosa's `feature.delta(width=…, order=1 | 2, mode='nearest')`.
 */
export class DeltaKernel {
  readonly #half: number;
  readonly #slope: Float64Array;
  readonly #curvature: Float64Array;

  /** @param width frames looked at, odd, at least 3 */
  constructor(width: number) {
    const half = (width - 1) / 2;
    const at = Float64Array.from({ length: width }, (_, i) => i - half);
    const squares = at.reduce((sum, k) => sum + k * k, 0);
    const fourths = at.reduce((sum, k) => sum + k ** 4, 0);
    const scale = width * fourths - squares * squares;
    this.#half = half;
    this.#slope = at.map((k) => k / squares);
    this.#curvature = at.map((k) => (2 * (width * k * k - squares)) / scale);
  }

  /**
   * Writes slope and curvature of every band beside the static value.
   * @param frames Float32 [count × bands]
   * @param out Float32 [count × bands × 3]: static, Δ, ΔΔ of each band, interleaved
   */
  apply(frames: Float32Array, bands: number, out: Float32Array): void {
    const last = frames.length / bands - 1;
    for (let t = 0; t <= last; t++) {
      for (let band = 0; band < bands; band++) {
        let [slope, curvature] = [0, 0];
        for (let k = -this.#half; k <= this.#half; k++) {
          const value = frames[Math.min(last, Math.max(0, t + k)) * bands + band]!;
          slope += value * this.#slope[k + this.#half]!;
          curvature += value * this.#curvature[k + this.#half]!;
        }
        const at = (t * bands + band) * 3;
        out[at] = frames[t * bands + band]!;
        out[at + 1] = slope;
        out[at + 2] = curvature;
      }
    }
  }
}
