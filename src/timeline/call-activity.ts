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

export interface CallActivityOptions {
  readonly blockMs: number;
  /** How far one leg may be ahead of another before the other is counted as silent. */
  readonly maxLeadBlocks: number;
  /** Hears of the state on a fixed grid of media time, every so many blocks. */
  readonly tickBlocks: number;
  /** A silence longer than this changes nothing for whoever listens: the rest of it is counted at once, without ticks. */
  readonly settledAfterMs: number;
  readonly onTick: (snapshot: ActivitySnapshot) => void;
}

/** An overlap shorter than this is a listener's "mhm", not an interruption. */
const INTERRUPTION_MS = 500;

/**
 * Lines up the voice activity of a call's legs, block by block.
 *
 * Always holds: a block is counted once every announced leg has said whether it was voiced, so the counts do not
 * depend on the order in which the legs' audio arrives, nor do the ticks. A leg that stays behind by more than
 * `maxLeadBlocks` is counted as silent meanwhile (its feed is dead or late), so that memory stays bounded.
 */
export class CallActivity {
  readonly #options: CallActivityOptions;
  /** Blocks of each leg that have not been counted; element 0 is block #counted. */
  readonly #waiting = new Map<string, boolean[]>();
  readonly #voicedMs = new Map<string, number>();
  #counted = 0;
  #silenceMs = 0;
  #overlapMs = 0;
  #silenceRunMs = 0;
  #overlapRunMs = 0;
  #interruptions = 0;

  constructor(options: CallActivityOptions) {
    this.#options = options;
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
    if (voiced) this.#voicedMs.set(leg, this.#voicedMs.get(leg)! + this.#options.blockMs);
    if (block < this.#counted) return;
    this.#count(block + 1 - this.#counted - this.#options.maxLeadBlocks);
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
      mediaMs: this.#counted * this.#options.blockMs,
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
    const waiting = [...this.#waiting.values()];
    const known = Math.min(blocks, Math.max(0, ...waiting.map((w) => w.length)));
    for (let i = 0; i < known; i++) this.#countBlock(waiting.filter((w) => w[i]).length);
    for (const w of waiting) w.splice(0, blocks);
    this.#countSilence(blocks - known);
  }

  #countSilence(blocks: number): void {
    const { blockMs, settledAfterMs } = this.#options;
    let left = blocks;
    for (; left > 0 && this.#silenceRunMs < settledAfterMs; left--) this.#countBlock(0);
    this.#counted += left;
    this.#silenceMs += left * blockMs;
    this.#silenceRunMs += left * blockMs;
  }

  #countBlock(speaking: number): void {
    const { blockMs, tickBlocks, onTick } = this.#options;
    this.#silenceRunMs = speaking === 0 ? this.#silenceRunMs + blockMs : 0;
    if (speaking === 0) this.#silenceMs += blockMs;
    const before = this.#overlapRunMs;
    this.#overlapRunMs = speaking > 1 ? before + blockMs : 0;
    if (speaking > 1) this.#overlapMs += blockMs;
    if (before < INTERRUPTION_MS && this.#overlapRunMs >= INTERRUPTION_MS) this.#interruptions++;
    if (++this.#counted % tickBlocks === 0) onTick(this.snapshot());
  }
}
