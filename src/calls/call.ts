import { UndertoneError } from '../errors.js';
import {
  type AudioChunk,
  type AudioLogRecord,
  type CallStarted,
  type Leg as LegName,
  VOICE_BLOCK_MS,
  type VoiceActivityRecord,
} from '../ingest/index.js';
import { Leg, type LegOptions } from './leg.js';
import type { CallAnalysis, CallParts, RecordContext } from './ports.js';
import type { WindowPool } from './window-pool.js';

/** What happened with a record, for the metrics. */
export type RecordOutcome = 'taken' | 'duplicate' | 'withheld';

/** One conversation: its legs, and what all of them share. */
export class Call {
  readonly started: CallStarted;
  readonly #parts: CallParts;
  readonly #options: LegOptions;
  readonly #pool: WindowPool;
  readonly #analysis: CallAnalysis;
  readonly #legs = new Map<LegName, Leg>();
  #paused = false;
  #pausedMs = 0;
  #ended = false;

  constructor(started: CallStarted, parts: CallParts, pool: WindowPool, options: LegOptions) {
    this.started = started;
    this.#parts = parts;
    this.#pool = pool;
    this.#options = options;
    this.#analysis = parts.createAnalysis(started);
    this.#analysis.announce(started.legs);
  }

  get ended(): boolean {
    return this.#ended;
  }

  settled(): Promise<void> {
    return this.#analysis.settled();
  }

  take(record: AudioLogRecord, context: RecordContext): RecordOutcome {
    switch (record.type) {
      case 'call.started':
        this.#analysis.announce(record.legs);
        return 'taken';
      case 'audio.chunk':
        return this.#chunk(record, context);
      case 'voice.activity':
        this.#voice(record);
        return 'taken';
      case 'audio.lost':
        this.#leg(record.leg).lost(record.offsetMs, record.durationMs);
        return 'taken';
      case 'call.paused':
        this.#paused = true;
        return 'taken';
      case 'call.resumed':
        this.#resume(record.durationMs);
        return 'taken';
      case 'call.ended':
        this.#end(record.reason);
        return 'taken';
    }
  }

  #chunk(chunk: AudioChunk, context: RecordContext): RecordOutcome {
    if (this.#paused) return 'withheld';
    return this.#leg(chunk.leg).chunk(chunk, context) ? 'taken' : 'duplicate';
  }

  /** A leg whose audio stayed at the gateway. */
  #voice({ leg, firstBlock, voiced }: VoiceActivityRecord): void {
    for (const [i, speaks] of voiced.entries()) this.#analysis.voice(leg, firstBlock + i, speaks);
    const mediaMs = (firstBlock + voiced.length) * VOICE_BLOCK_MS;
    this.#analysis.progress(leg, { mediaMs, lostMs: 0, pausedMs: 0 });
  }

  #resume(durationMs: number): void {
    if (!this.#paused) throw notPaused(this.started.callId);
    this.#paused = false;
    this.#pausedMs += durationMs;
    for (const leg of this.#legs.values()) leg.pause(durationMs);
  }

  #end(reason: Parameters<CallAnalysis['end']>[0]): void {
    this.#ended = true;
    for (const leg of this.#legs.values()) leg.end();
    this.#analysis.end(reason);
  }

  #leg(name: LegName): Leg {
    let leg = this.#legs.get(name);
    if (leg === undefined) {
      leg = new Leg(
        name,
        this.#parts.createWindows(),
        this.#analysis,
        this.#pool,
        this.#options,
        this.#pausedMs,
      );
      this.#legs.set(name, leg);
    }
    return leg;
  }
}

function notPaused(callId: string): UndertoneError {
  return new UndertoneError('UT_CALLS_NOT_PAUSED', 'A resume arrived for a call that was not paused.', {
    place: `call ${callId}`,
  });
}
