/** Buffers for windows under way, used again and again so that a running call allocates none. */
export class WindowPool {
  readonly #length: number;
  readonly #free: Float32Array[] = [];
  #inUse = 0;

  constructor(length: number) {
    this.#length = length;
  }

  /** Windows taken and not given back: what is waiting for the model. */
  get inUse(): number {
    return this.#inUse;
  }

  take(): Float32Array {
    this.#inUse++;
    return this.#free.pop() ?? new Float32Array(this.#length);
  }

  give(buffer: Float32Array): void {
    this.#inUse--;
    this.#free.push(buffer);
  }
}
