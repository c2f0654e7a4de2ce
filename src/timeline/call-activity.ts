import { z } from 'zod';

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

const sums = z.object({
  /** Blocks that every leg has been heard in, or was taken to be silent in. */
  counted: z.int(),
  silenceMs: z.number(),
  overlapMs: z.number(),
  silenceRunMs: z.number(),
  overlapRunMs: z.number(),
  interruptions: z.int(),
});
type Sums = z.infer<typeof sums>;

export const callActivityState = z.object({
  sums,
  /** Each leg in the order of its announcement: name, blocks that wait (`1` voiced, `0` not), speech so far in ms. */
  legs: z.array(z.tuple([z.string(), z.string().regex(/^[01]*$/), z.number()])),
});
export type CallActivityState = z.infer<typeof callActivityState>;

const NOTHING_COUNTED: Sums = {
  counted: 0,
  silenceMs: 0,
  overlapMs: 0,
  silenceRunMs: 0,
  overlapRunMs: 0,
  interruptions: 0,
};

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
  /** Blocks of each leg that have not been counted; element 0 is block #sums.counted. */
  readonly #waiting = new Map<string, boolean[]>();
  readonly #voicedMs = new Map<string, number>();
  readonly #sums: Sums;

  constructor(options: CallActivityOptions, state?: CallActivityState) {
    this.#options = options;
    this.#sums = { ...(state?.sums ?? NOTHING_COUNTED) };
    for (const [leg, waiting, voicedMs] of state?.legs ?? []) {
      this.#waiting.set(
        leg,
        Array.from(waiting, (block) => block === '1'),
      );
      this.#voicedMs.set(leg, voicedMs);
    }
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
    if (block < this.#sums.counted) return;
    this.#count(block + 1 - this.#sums.counted - this.#options.maxLeadBlocks);
    while (waiting.length < block - this.#sums.counted) waiting.push(false);
    waiting.push(voiced);
    this.#count(Math.min(...[...this.#waiting.values()].map((w) => w.length)));
  }

  /** Counts what still waits: no more audio will come. */
  finish(): void {
    this.#count(Math.max(0, ...[...this.#waiting.values()].map((w) => w.length)));
  }

  snapshot(): ActivitySnapshot {
    const { counted, ...sums } = this.#sums;
    return { mediaMs: counted * this.#options.blockMs, ...sums, voicedMs: this.#voicedMs };
  }

  state(): CallActivityState {
    const legs = [...this.#waiting].map(([leg, waiting]): CallActivityState['legs'][number] => [
      leg,
      waiting.map((voiced) => (voiced ? '1' : '0')).join(''),
      this.#voicedMs.get(leg)!,
    ]);
    return { sums: { ...this.#sums }, legs };
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
    const sums = this.#sums;
    let left = blocks;
    for (; left > 0 && sums.silenceRunMs < settledAfterMs; left--) this.#countBlock(0);
    sums.counted += left;
    sums.silenceMs += left * blockMs;
    sums.silenceRunMs += left * blockMs;
  }

  #countBlock(speaking: number): void {
    const { blockMs, tickBlocks, onTick } = this.#options;
    const sums = this.#sums;
    sums.silenceRunMs = speaking === 0 ? sums.silenceRunMs + blockMs : 0;
    if (speaking === 0) sums.silenceMs += blockMs;
    const before = sums.overlapRunMs;
    sums.overlapRunMs = speaking > 1 ? before + blockMs : 0;
    if (speaking > 1) sums.overlapMs += blockMs;
    if (before < INTERRUPTION_MS && sums.overlapRunMs >= INTERRUPTION_MS) sums.interruptions++;
    if (++sums.counted % tickBlocks === 0) onTick(this.snapshot());
  }
}
