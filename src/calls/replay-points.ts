import type { LegDecoder } from './leg-decoder.js';
import type { ReplayPoint } from './leg-state.js';

/** Columns of a row; a row is one point. */
const OFFSET = 0;
const RATE_HZ = 1;
const NEXT = 2;
const ORIGIN = 3;
const POSITION = 4;
/** From this position on a leg that is rebuilt from the point hears what it heard the first time, to the bit. */
const TRUE_FROM = 5;
const COLUMNS = 6;

/**
 * Records from which on a leg could be rebuilt, thinned to one per `spacing` samples of media time.
 *
 * Always holds: the oldest one can stand for all the past that still counts: nothing before it does, or it is true
 * from where that begins. The newest is the chunk that was offered last. Nothing is allocated after construction.
 */
export class ReplayPoints {
  readonly #spacing: number;
  readonly #capacity: number;
  /** Float64Array [capacity × COLUMNS], a ring of rows. */
  readonly #rows: Float64Array;
  #first = 0;
  #count = 0;

  /** @param spanSamples longest past that counts, at the front end's rate */
  constructor(spanSamples: number, spacing: number) {
    this.#spacing = spacing;
    // Beside those that lie apart: the oldest, the newest two, and what settling adds to the span.
    this.#capacity = Math.ceil(spanSamples / spacing) + 4;
    this.#rows = new Float64Array(this.#capacity * COLUMNS);
  }

  /** To be called before the chunk at `offset` changes anything. */
  offer(offset: number, decoder: LegDecoder, position: number): void {
    if (!this.#isNewestKept()) this.#count--;
    const row = this.#rowOf(this.#count++);
    this.#rows[row + OFFSET] = offset;
    this.#rows[row + RATE_HZ] = decoder.rateHz;
    this.#rows[row + NEXT] = decoder.next;
    this.#rows[row + ORIGIN] = decoder.origin;
    this.#rows[row + POSITION] = position;
    this.#rows[row + TRUE_FROM] = position + decoder.settlingSamples;
  }

  /** Nothing before `neededFrom`, a media position that never falls, counts any more. */
  forget(neededFrom: number): void {
    while (this.#count > 1 && this.#rows[this.#rowOf(1) + TRUE_FROM]! <= neededFrom) {
      this.#first = (this.#first + 1) % this.#capacity;
      this.#count--;
    }
  }

  /** Nothing of what has been heard counts any more. */
  clear(): void {
    this.#count = 0;
  }

  /** Offset of the {@link oldest}, or null where nothing that was heard counts. */
  get oldestOffset(): number | null {
    return this.#count === 0 ? null : this.#rows[this.#rowOf(0) + OFFSET]!;
  }

  /** Where a rebuilding has to begin, after {@link forget}. */
  get oldest(): ReplayPoint | null {
    if (this.#count === 0) return null;
    const row = this.#rowOf(0);
    const at = (column: number) => this.#rows[row + column]!;
    const decoder = { rateHz: at(RATE_HZ), next: at(NEXT), origin: at(ORIGIN) };
    return { offset: at(OFFSET), decoder, position: at(POSITION) };
  }

  /** Whether the newest lies far enough from the one before it to stay when another comes. */
  #isNewestKept(): boolean {
    if (this.#count < 2) return true;
    if (this.#count === this.#capacity) return false;
    const newest = this.#rows[this.#rowOf(this.#count - 1) + POSITION]!;
    return newest >= this.#rows[this.#rowOf(this.#count - 2) + POSITION]! + this.#spacing;
  }

  #rowOf(point: number): number {
    return ((this.#first + point) % this.#capacity) * COLUMNS;
  }
}
