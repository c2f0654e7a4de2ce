/** Buffers for windows under way, used again and again so that a running call allocates none. */
export class WindowPool {
  /** By length: models may differ in it. */
  readonly #free = new Map<number, Float32Array[]>();
  #inUse = 0;

  /** Windows taken and not given back: what is waiting for the model. */
  get inUse(): number {
    return this.#inUse;
  }

  take(length: number): Float32Array {
    this.#inUse++;
    return this.#free.get(length)?.pop() ?? new Float32Array(length);
  }

  give(buffer: Float32Array): void {
    this.#inUse--;
    const free = this.#free.get(buffer.length);
    if (free === undefined) this.#free.set(buffer.length, [buffer]);
    else free.push(buffer);
  }
}
