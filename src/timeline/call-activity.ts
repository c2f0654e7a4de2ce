/** Who speaks when: what all legs of a call together say up to one moment of media time. */
export interface ActivitySnapshot {
  readonly mediaMs: number;
  readonly silenceMs: number;
  readonly overlapMs: number;
  readonly interruptions: number;
  /** Length of the silence / of the overlap that is going on at `mediaMs`, 0 where there is none. */
  readonly silenceRunMs: number;
  readonly overlapRunMs: number;
  readonly voicedMs: ReadonlyMap<string, number>;
}

/** An overlap shorter than this is a listener's "mhm", not an interruption. */
const INTERRUPTION_MS = 500;

/**
 * Lines up the voice activity of a call's legs, block by block.
 *
 * Always holds: a block is counted once every announced leg has said whether it was voiced, so the counts do not
 * depend on the order in which the legs' audio arrives. A leg that stays behind by more than `maxLeadBlocks` is
 * counted as silent meanwhile (its feed is dead or late), so that memory stays bounded.
 */
export class CallActivity {
  readonly #blockMs: number;
  readonly #maxLeadBlocks: number;
  /** Blocks of each leg that have not been counted; element 0 is block #counted. */
  readonly #waiting = new Map<string, boolean[]>();
  readonly #voicedMs = new Map<string, number>();
  #counted = 0;
  #silenceMs = 0;
  #overlapMs = 0;
  #silenceRunMs = 0;
  #overlapRunMs = 0;
  #interruptions = 0;

  constructor(blockMs: number, maxLeadBlocks: number) {
    this.#blockMs = blockMs;
    this.#maxLeadBlocks = maxLeadBlocks;
  }

  /** From now on blocks wait for this leg. */
  announce(leg: string): void {
    if (!this.#waiting.has(leg)) this.#waiting.set(leg, []);
    if (!this.#voicedMs.has(leg)) this.#voicedMs.set(leg, 0);
  }

  /** Blocks of one leg come in order; a hole between two is silence. */
  push(leg: string, block: number, voiced: boolean): void {
    this.announce(leg);
    const waiting = this.#waiting.get(leg)!;
    if (voiced) this.#voicedMs.set(leg, this.#voicedMs.get(leg)! + this.#blockMs);
    if (block < this.#counted) return;
    this.#count(block + 1 - this.#counted - this.#maxLeadBlocks);
    while (waiting.length < block - this.#counted) waiting.push(false);
    waiting.push(voiced);
    this.#count(Math.min(...[...this.#waiting.values()].map((w) => w.length)));
  }

  /** Counts what still waits: no more audio will come. */
  finish(): void {
    this.#count(Math.max(0, ...[...this.#waiting.values()].map((w) => w.length)));
  }

  snapshot(): ActivitySnapshot {
    return {
      mediaMs: this.#counted * this.#blockMs,
      silenceMs: this.#silenceMs,
      overlapMs: this.#overlapMs,
      interruptions: this.#interruptions,
      silenceRunMs: this.#silenceRunMs,
      overlapRunMs: this.#overlapRunMs,
      voicedMs: this.#voicedMs,
    };
  }

  #count(blocks: number): void {
    if (blocks <= 0) return;
    for (let i = 0; i < blocks; i++) {
      let speaking = 0;
      for (const waiting of this.#waiting.values()) if (waiting[i]) speaking++;
      this.#countBlock(speaking);
    }
    for (const waiting of this.#waiting.values()) waiting.splice(0, blocks);
    this.#counted += blocks;
  }

  #countBlock(speaking: number): void {
    const ms = this.#blockMs;
    this.#silenceRunMs = speaking === 0 ? this.#silenceRunMs + ms : 0;
    if (speaking === 0) this.#silenceMs += ms;
    const before = this.#overlapRunMs;
    this.#overlapRunMs = speaking > 1 ? before + ms : 0;
    if (speaking > 1) this.#overlapMs += ms;
    if (before < INTERRUPTION_MS && this.#overlapRunMs >= INTERRUPTION_MS) this.#interruptions++;
  }
}
