import { UndertoneError } from '../errors.js';
import type { Leg as LegName } from '../ingest/index.js';
import type { CallRecord } from './call-feeds.js';
import type { Leg } from './leg.js';
import type { CallState, RecordContext } from './ports.js';

/** The records up to a state, heard once more by legs that were resumed from it. They have no other effect. */
export class Rehearsal {
  #paused = false;

  constructor(
    readonly state: CallState,
    readonly legs: ReadonlyMap<LegName, Leg>,
  ) {}

  /** What was refused when it first came is refused again, and was reported then. */
  take(record: CallRecord, context: RecordContext): void {
    if (context.offset < this.state.replayFrom) return;
    try {
      this.#hearAgain(record, context);
    } catch (error) {
      if (!(error instanceof UndertoneError)) throw error;
    }
  }

  #hearAgain(record: CallRecord, context: RecordContext): void {
    if (record.type === 'audio.chunk' && !this.#paused) {
      for (const leg of this.#heardBy(record.leg, context)) leg.chunk(record, context);
    } else if (record.type === 'audio.lost') {
      for (const leg of this.#heardBy(record.leg, context)) leg.lost(record.offsetMs, record.durationMs);
    } else if (record.type === 'call.paused') {
      this.#paused = true;
    } else if (record.type === 'call.resumed' && this.#paused) {
      this.#paused = false;
      for (const name of this.legs.keys())
        for (const leg of this.#heardBy(name, context)) leg.pause(record.durationMs);
    }
  }

  /** A leg's first record is the one that its state says; what other legs heard before is not its business. */
  #heardBy(name: LegName, { offset }: RecordContext): readonly Leg[] {
    const replay = this.state.legs[name]?.replay;
    const leg = this.legs.get(name);
    return leg === undefined || replay === undefined || replay.offset > offset ? [] : [leg];
  }
}
