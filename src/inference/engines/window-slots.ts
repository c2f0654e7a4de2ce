/**
 * A fixed number of places for windows in memory that all threads see. A window stays in its slot until it is
 * answered, so that a thread's death loses nothing; slots are used again, so nothing is allocated per window.
 */
export class WindowSlots {
  readonly buffer: SharedArrayBuffer;
  readonly #windows: Float32Array;
  readonly #windowLength: number;
  readonly #free: number[];

  constructor(count: number, windowLength: number) {
    this.buffer = new SharedArrayBuffer(count * windowLength * Float32Array.BYTES_PER_ELEMENT);
    this.#windows = new Float32Array(this.buffer);
    this.#windowLength = windowLength;
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index);
  }

  /** Copies the window into a free slot; undefined when there is none. */
  put(window: Float32Array): number | undefined {
    const slot = this.#free.pop();
    if (slot !== undefined) this.#windows.set(window, slot * this.#windowLength);
    return slot;
  }

  release(slot: number): void {
    this.#free.push(slot);
  }
}
