import type { OpenHole } from './leg-state.js';
import type { WindowHole } from './ports.js';

/**
 * Which of a leg's windows have been dealt with.
 *
 * Always holds: every window before {@link next} has been heard, lies in a hole that was told, or in the one that is
 * open. Neighbours of one reason become one hole; it is told once it is known where it ends.
 */
export class WindowLedger {
  readonly #onHole: (hole: OpenHole) => void;
  #next = 0;
  #open: OpenHole | null = null;

  constructor(onHole: (hole: OpenHole) => void) {
    this.#onHole = onHole;
  }

  /** Goes on where another ledger stood. */
  restore(next: number, open: OpenHole | null): void {
    this.#next = next;
    this.#open = open;
  }

  /** The first window that has not been dealt with. */
  get next(): number {
    return this.#next;
  }

  get openHole(): OpenHole | null {
    return this.#open;
  }

  /** Windows from {@link next} up to `end`, without it, will never be heard. */
  missUntil(end: number, reason: WindowHole['reason']): void {
    if (end <= this.#next) return;
    if (this.#open?.reason !== reason) this.close();
    this.#open = { from: this.#open?.from ?? this.#next, to: end - 1, reason };
    this.#next = end;
  }

  /** Window {@link next} has been heard. */
  heard(): void {
    this.close();
    this.#next++;
  }

  /** What follows is no part of the hole that is open. */
  close(): void {
    if (this.#open === null) return;
    const hole = this.#open;
    this.#open = null;
    this.#onHole(hole);
  }
}
