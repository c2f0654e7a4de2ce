/**
 * Least-squares slope and curvature over a stretch of frames: the first and second derivative of the polynomial of
 * that degree fitted to it (Savitzky & Golay 1964). Frames beyond the window count as its first or last one.
 * Equals librosa's `feature.delta(width=…, order=1 | 2, mode='nearest')`.
 */
export class DeltaKernel {
  readonly #half: number;
  readonly #slope: Float64Array;
  readonly #curvature: Float64Array;

  readonly #slopes: Float64Array;
  readonly #curvatures: Float64Array;

  /** @param width frames looked at, odd, at least 3 */
  constructor(width: number, bands: number) {
    this.#slopes = new Float64Array(bands);
    this.#curvatures = new Float64Array(bands);
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
  apply(frames: Float32Array, out: Float32Array): void {
    const [slopes, curvatures] = [this.#slopes, this.#curvatures];
    const bands = slopes.length;
    const last = frames.length / bands - 1;
    for (let t = 0; t <= last; t++) {
      slopes.fill(0);
      curvatures.fill(0);
      for (let k = -this.#half; k <= this.#half; k++) {
        const row = Math.min(last, Math.max(0, t + k)) * bands;
        this.#add(frames, row, k);
      }
      for (let band = 0, at = t * bands * 3; band < bands; band++, at += 3) {
        out[at] = frames[t * bands + band]!;
        out[at + 1] = slopes[band]!;
        out[at + 2] = curvatures[band]!;
      }
    }
  }

  /** Adds what one frame, `k` frames away, brings to every band. */
  #add(frames: Float32Array, row: number, k: number): void {
    const [slopes, curvatures] = [this.#slopes, this.#curvatures];
    const slope = this.#slope[k + this.#half]!;
    const curvature = this.#curvature[k + this.#half]!;
    for (let band = 0; band < slopes.length; band++) {
      const value = frames[row + band]!;
      slopes[band]! += value * slope;
      curvatures[band]! += value * curvature;
    }
  }
}
