import type { WindowResult } from './results/result-event.js';

/** How a call ended for its sender: as it should, never let in, or cut off while it was sending. */
export type CallEnd = 'completed' | 'refused' | 'interrupted';

/** What became of the windows of one leg. */
export interface LegFacts {
  /** Points and holes came for all windows before this one. */
  readonly next: number;
  /** Windows at or after {@link next} that have come. */
  readonly ahead: ReadonlySet<number>;
  readonly points: number;
  /** Windows that came more than once. */
  readonly twice: number;
  /** Windows that nobody classified, by why. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** One call, as its sender and the reader of its results have seen it. */
export interface CallFacts {
  readonly callId: string;
  /** Undefined while it goes on. */
  readonly end: CallEnd | undefined;
  /** Audio that was sent, ms. */
  readonly sentMs: number;
  readonly legs: ReadonlyMap<string, LegFacts>;
}

interface Leg extends LegFacts {
  next: number;
  ahead: Set<number>;
  points: number;
  twice: number;
  leftOut: Record<string, number>;
}

/** Half of the shortest frame that is sent: media times of both sides are rounded. */
const TOLERANCE_MS = 1;

/**
 * Keeps when each piece of a call's audio was sent and which of its windows have come. Always holds: a leg's `ahead`
 * has only windows above `next`, so that a call without losses costs the same however long it is.
 */
export class CallRecord implements CallFacts {
  end: CallEnd | undefined;
  endedAtMs = Number.POSITIVE_INFINITY;
  sentMs = 0;
  readonly legs = new Map<string, Leg>();
  /** Media time of the end of each piece, and when it was handed to the socket; both ascend. */
  readonly #mediaMs: number[] = [];
  readonly #sentAtMs: number[] = [];

  /** @param legs of which windows are expected */
  constructor(
    readonly callId: string,
    legs: readonly string[],
  ) {
    for (const leg of legs) this.#leg(leg);
  }

  /** @param untilMs media time of the end of the audio sent so far */
  sent(untilMs: number, atMs: number): void {
    this.sentMs = untilMs;
    this.#mediaMs.push(untilMs);
    this.#sentAtMs.push(atMs);
  }

  ended(end: CallEnd, atMs: number): void {
    this.end = end;
    this.endedAtMs = atMs;
  }

  /** Frees the times, once nobody asks for delays any more. */
  forgetSending(): void {
    this.#mediaMs.length = 0;
    this.#sentAtMs.length = 0;
  }

  /** @returns when the last sample of a window was sent, for a point that came for the first time */
  take(result: WindowResult): number | undefined {
    const leg = this.#leg(result.leg);
    let isNew = false;
    for (let index = result.from; index <= result.to; index++)
      isNew = this.#take(leg, index, result) || isNew;
    return isNew && result.hole === null ? this.#sentAt(result.endMs) : undefined;
  }

  #take(leg: Leg, index: number, { hole }: WindowResult): boolean {
    if (index < leg.next || leg.ahead.has(index)) {
      leg.twice++;
      return false;
    }
    leg.ahead.add(index);
    while (leg.ahead.delete(leg.next)) leg.next++;
    if (hole === null) leg.points++;
    else leg.leftOut[hole] = (leg.leftOut[hole] ?? 0) + 1;
    return true;
  }

  #leg(name: string): Leg {
    let leg = this.legs.get(name);
    if (leg === undefined) {
      leg = { next: 0, ahead: new Set(), points: 0, twice: 0, leftOut: {} };
      this.legs.set(name, leg);
    }
    return leg;
  }

  /** When the piece that holds this media time was sent; the last one where the window was filled up. */
  #sentAt(mediaMs: number): number | undefined {
    let low = 0;
    let high = this.#mediaMs.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#mediaMs[middle]! >= mediaMs - TOLERANCE_MS) high = middle;
      else low = middle + 1;
    }
    return this.#sentAtMs[low];
  }
}
