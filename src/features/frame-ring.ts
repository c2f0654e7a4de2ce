/**
 * The last `capacity` frames of a leg, by frame index.
 *
 * Always holds: the frames [oldest, newest] are present without a hole. A frame that does not follow the newest one
 * empties the ring first, so a window can never span a gap.
 */
export class FrameRing {
  readonly capacity: number;
  readonly #nMels: number;
  /** [capacity × nMels]; frame i stands in row i mod capacity. */
  readonly #rows: Float32Array;
  #first = 0;
  /** One past the newest frame. */
  #end = 0;

  constructor(capacity: number, nMels: number) {
    this.capacity = capacity;
    this.#nMels = nMels;
    this.#rows = new Float32Array(capacity * nMels);
  }

  push(frameIndex: number, frame: Float32Array): void {
    if (frameIndex !== this.#end) this.#first = frameIndex;
    this.#rows.set(frame, (frameIndex % this.capacity) * this.#nMels);
    this.#end = frameIndex + 1;
    this.#first = Math.max(this.#first, this.#end - this.capacity);
  }

  has(fromFrame: number, count: number): boolean {
    return fromFrame >= this.#first && fromFrame + count <= this.#end;
  }

  /** Frames present, from the oldest. */
  get present(): { readonly fromFrame: number; readonly count: number } {
    return { fromFrame: this.#first, count: this.#end - this.#first };
  }

  clear(): void {
    this.#first = this.#end;
  }

  /** Copies frames [fromFrame, fromFrame + count) to `out` [count × nMels]. The frames must be present. */
  copy(fromFrame: number, count: number, out: Float32Array): void {
    const length = this.#rows.length;
    let from = (fromFrame % this.capacity) * this.#nMels;
    for (let i = 0; i < count * this.#nMels; i++) {
      out[i] = this.#rows[from]!;
      if (++from === length) from = 0;
    }
  }
}
