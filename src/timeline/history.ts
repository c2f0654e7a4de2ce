/** Calibrated probabilities of one window; the windows between two entries were silent or fell into a hole. */
export interface HistoryEntry {
  readonly windowIndex: number;
  readonly probabilities: Float64Array;
}

/**
 * The classified windows of a leg's last `memoryWindows` hops.
 * All that the timeline says of a window is a function of this history alone: it forgets by itself, and after a
 * restart it is the same again once that much audio has been replayed.
 */
export class History {
  readonly #memoryWindows: number;
  #entries: HistoryEntry[] = [];

  constructor(memoryWindows: number) {
    this.#memoryWindows = memoryWindows;
  }

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  add(entry: HistoryEntry): void {
    const oldest = entry.windowIndex - this.#memoryWindows + 1;
    this.#entries = [...this.#entries.filter((e) => e.windowIndex >= oldest), entry];
  }
}
