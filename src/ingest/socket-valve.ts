/** The part of a socket that is opened and shut. */
export interface Readable {
  pause(): void;
  resume(): void;
}

/**
 * Reads a socket only while nobody objects. `full`: too much waits for the bus; `fast`: a replay is ahead of its rate.
 */
export class SocketValve {
  #full = false;
  #fast = false;

  constructor(
    readonly socket: Readable,
    readonly onShut: () => void,
  ) {}

  get shut(): boolean {
    return this.#full || this.#fast;
  }

  set full(full: boolean) {
    this.#set(full, this.#fast);
  }

  set fast(fast: boolean) {
    this.#set(this.#full, fast);
  }

  #set(full: boolean, fast: boolean): void {
    const wasShut = this.shut;
    this.#full = full;
    this.#fast = fast;
    if (this.shut === wasShut) return;
    if (this.shut) {
      this.onShut();
      this.socket.pause();
    } else this.socket.resume();
  }
}
