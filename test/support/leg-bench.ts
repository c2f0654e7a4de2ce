import { DEFAULT_VOICE_ACTIVITY } from '../../src/audio/index.js';
import { Leg, type LegOptions } from '../../src/calls/leg.js';
import type { LegState } from '../../src/calls/leg-state.js';
import type { CallAnalysis, DueWindow, RecordContext } from '../../src/calls/ports.js';
import { WindowPool } from '../../src/calls/window-pool.js';
import { type FrontEnd, WindowStream } from '../../src/features/index.js';
import type { AudioChunk } from '../../src/ingest/index.js';

/** A record that concerns a leg, at its offset in the log. */
export type LegRecord = { readonly offset: number } & (
  | { readonly kind: 'chunk'; readonly chunk: AudioChunk; readonly skipDue: boolean }
  | { readonly kind: 'lost'; readonly offsetMs: number; readonly durationMs: number }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'pause'; readonly durationMs: number }
);

const OPTIONS: LegOptions = {
  minVoicedShare: 0.1,
  maxGapMs: 60_000,
  minPartialMs: 500,
  voiceActivity: DEFAULT_VOICE_ACTIVITY,
};

/** A leg and all that it announces, as text: two legs announced the same where the texts are equal. */
export class ListenedLeg {
  readonly leg: Leg;
  readonly announced: string[] = [];

  constructor(frontEnd: FrontEnd, state?: LegState, pausedBeforeMs = 0) {
    const windows = new WindowStream(frontEnd);
    const pool = new WindowPool();
    const analysis = this.#analysis();
    this.leg =
      state === undefined
        ? new Leg('customer', windows, analysis, pool, OPTIONS, pausedBeforeMs)
        : Leg.resume('customer', windows, analysis, pool, OPTIONS, state);
  }

  /** A record that the leg refuses is left out, as in a call. */
  take(record: LegRecord): void {
    try {
      this.#take(record);
    } catch (error) {
      this.announced.push(`refused: ${(error as { code: string }).code}`);
    }
  }

  #take(record: LegRecord): void {
    if (record.kind === 'lost') this.leg.lost(record.offsetMs, record.durationMs);
    if (record.kind === 'suspend') this.leg.suspend();
    if (record.kind === 'pause') this.leg.pause(record.durationMs);
    if (record.kind !== 'chunk') return;
    const { offset, skipDue } = record;
    const context = { skipDue, offset, arrivedAtMs: offset * 7, nowMs: 0 } as RecordContext;
    this.announced.push(`new: ${this.leg.chunk(record.chunk, context)}`);
  }

  #analysis(): CallAnalysis {
    const note = (what: string, told: unknown) => this.announced.push(`${what}: ${JSON.stringify(told)}`);
    const unheard: Partial<CallAnalysis> = {
      window: (_, window) => {
        note('window', { ...window, input: bitsOf(window) });
        window.release();
      },
      hole: (_, hole) => note('hole', hole),
      voice: (_, block, voiced) => note('voice', [block, voiced]),
      progress: (_, progress) => note('progress', progress),
    };
    return unheard as CallAnalysis;
  }
}

/** Every bit of a model's input, shortened. */
function bitsOf({ input }: DueWindow): number | null {
  if (input === null) return null;
  let hash = 0;
  for (const word of new Int32Array(input.buffer, input.byteOffset, input.length)) {
    hash = (Math.imul(hash, 31) + word) | 0;
  }
  return hash;
}
