import { z } from 'zod';

/** Calibrated probabilities of one window; the windows between two entries were silent or fell into a hole. */
export interface HistoryEntry {
  readonly windowIndex: number;
  readonly probabilities: Float64Array;
}

/** Of each entry, oldest first: its window index, then its probabilities, as exact as they were computed. */
export const historyState = z.array(z.tuple([z.int()], z.number()));
export type HistoryState = z.infer<typeof historyState>;

/**
 * The classified windows of a leg's last `memoryWindows` hops.
 * All that the timeline says of a window is a function of this history alone: it forgets by itself, and whoever is
 * given its entries goes on as if it had listened from the start.
 */
export class History {
  readonly #memoryWindows: number;
  #entries: HistoryEntry[];

  constructor(memoryWindows: number, state: HistoryState = []) {
    this.#memoryWindows = memoryWindows;
    this.#entries = state.map(([windowIndex, ...probabilities]) => ({
      windowIndex,
      probabilities: Float64Array.from(probabilities),
    }));
  }

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  add(entry: HistoryEntry): void {
    const oldest = entry.windowIndex - this.#memoryWindows + 1;
    this.#entries = [...this.#entries.filter((e) => e.windowIndex >= oldest), entry];
  }

  state(): HistoryState {
    return this.#entries.map(({ windowIndex, probabilities }) => [windowIndex, ...probabilities]);
  }
}
