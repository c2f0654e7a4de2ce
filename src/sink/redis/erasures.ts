/**
 * Erased calls that Redis has yet to be told of. Bounded: past the bound the oldest is let go, whose state then expires
 * by itself.
 */
export class Erasures {
  readonly #max: number;
  readonly #pending = new Set<string>();
  /** Told, but not taken: to be tried again later. */
  readonly #deferred = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  add(callId: string): void {
    this.#deferred.delete(callId);
    this.#pending.add(callId);
    this.#keepBound();
  }

  take(max: number): string[] {
    const taken = [...this.#pending].slice(0, max);
    for (const callId of taken) this.#pending.delete(callId);
    return taken;
  }

  defer(callId: string): void {
    this.#deferred.add(callId);
    this.#keepBound();
  }

  resume(): void {
    for (const callId of this.#deferred) this.#pending.add(callId);
    this.#deferred.clear();
  }

  #keepBound(): void {
    for (const set of [this.#deferred, this.#pending]) {
      for (const oldest of set) {
        if (this.#pending.size + this.#deferred.size <= this.#max) return;
        set.delete(oldest);
      }
    }
  }
}
