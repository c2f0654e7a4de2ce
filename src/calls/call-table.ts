import { UndertoneError } from '../errors.js';
import type { AudioLogRecord } from '../ingest/index.js';
import { Call, type CallDeps, type RecordOutcome } from './call.js';
import { badState } from './call-errors.js';
import type { LegOptions } from './leg.js';
import type { CallModels, CallParts, CallState, Outbox, RecordContext } from './ports.js';
import type { Recovered } from './recovery.js';
import { WindowPool } from './window-pool.js';

export interface CallTableOptions {
  readonly leg: LegOptions;
  readonly mayAnalyse: CallDeps['mayAnalyse'];
  /** A call of which nothing is heard for so long is over; one that is paused, after the second. */
  readonly idleTimeoutMs: number;
  readonly pausedTimeoutMs: number;
  /** Erased calls whose later audio is refused. */
  readonly maxErasedCalls: number;
}

/** What became of a record, and the call that has something to do because of it. */
export interface Taken {
  readonly outcome: RecordOutcome;
  readonly call: Call | null;
}

/** So often a call's state, or its erasure, is said anew in the log, whatever happens. */
export const STATE_REFRESH_MS = 60_000;

/** The live calls of one partition. A call is in the table from `call.started` to `call.ended`. */
export class CallTable {
  readonly #options: CallTableOptions;
  readonly #deps: Omit<CallDeps, 'parts'>;
  readonly #models: CallModels;
  readonly #pool = new WindowPool();
  readonly #calls = new Map<string, Call>();
  /** Erased calls, and when that was last said in the log, by the clock of this process. */
  readonly #erased = new Map<string, number>();
  #over: ReadonlyMap<string, number> = new Map();

  /** @param place the partition of the audio log, `topic/partition` */
  constructor(models: CallModels, options: CallTableOptions, outbox: Outbox, place: string) {
    this.#options = options;
    this.#models = models;
    const { leg, mayAnalyse } = options;
    this.#deps = { pool: this.#pool, options: leg, mayAnalyse, outbox, place };
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Windows that wait for the model. */
  get pendingWindows(): number {
    return this.#pool.inUse;
  }

  /** The audio log must be kept from here on, for a next owner to rebuild the calls; +∞ without calls. */
  get replayFrom(): number {
    let from = Number.POSITIVE_INFINITY;
    for (const call of this.#calls.values()) from = Math.min(from, call.replayFrom);
    return from;
  }

  isLive(callId: string): boolean {
    return this.#calls.get(callId)?.started.live ?? false;
  }

  /**
   * Takes over what another worker left; before the first record.
   *
   * @param onUnreadable told of calls whose state can't be understood: they go on from their audio, if at all
   */
  adopt(
    { live, over, erased }: Recovered,
    nowMs: number,
    onUnreadable: (callId: string, error: unknown) => void,
  ): void {
    this.#over = over;
    for (const callId of erased) this.#refuse(callId, nowMs);
    for (const [callId, state] of live) {
      const context = { skipDue: false, arrivedAtMs: nowMs, offset: state.through, nowMs };
      try {
        const deps = { ...this.#deps, parts: this.#partsFor(state) };
        this.#calls.set(callId, new Call(state.started, context, deps, state));
      } catch (error) {
        onUnreadable(callId, error);
      }
    }
  }

  /**
   * The records of the former owner have all been heard: calls of which no newer one came go on all the same.
   *
   * @returns calls that could not be rebuilt whole
   */
  adopted(): number {
    this.#over = new Map();
    return [...this.#calls.values()].filter((call) => !call.takeUp()).length;
  }

  /** @throws UT_CALLS_NOT_STARTED for a record of a call that is not in the table, and what the record itself causes */
  take(record: AudioLogRecord, context: RecordContext): Taken {
    const { callId } = record;
    if (context.offset <= (this.#over.get(callId) ?? -1)) return { outcome: 'known', call: null };
    if (record.type === 'call.erased') return this.#erase(callId, context);
    if (this.#erased.has(callId)) return this.#refuseErased(callId, context);
    const known = this.#calls.get(callId);
    const call = known ?? this.#begin(record, context);
    const outcome = known === undefined ? 'taken' : call.take(record, context);
    if (call.ended) this.#calls.delete(callId);
    return { outcome, call };
  }

  /** Whether {@link endIdle} would end a call. */
  hasIdle(nowMs: number): boolean {
    return this.#idle(nowMs).length > 0;
  }

  /**
   * Ends the calls of which nothing has been heard for too long.
   *
   * @param nowMs clock of this process
   */
  endIdle(nowMs: number): Call[] {
    const idle = this.#idle(nowMs);
    for (const call of idle) {
      call.end('idle');
      this.#calls.delete(call.started.callId);
    }
    return idle;
  }

  calls(): IterableIterator<Call> {
    return this.#calls.values();
  }

  /** @throws UT_CALLS_BAD_STATE */
  #partsFor(state: CallState): CallParts {
    const parts = this.#models.toGoOnWith(state);
    if (parts === null) throw badState('It counts in the windows of another front end.');
    return parts;
  }

  #idle(nowMs: number): Call[] {
    const { idleTimeoutMs, pausedTimeoutMs } = this.#options;
    return [...this.#calls.values()].filter(
      (call) => nowMs - call.lastTakenAtMs > (call.paused ? pausedTimeoutMs : idleTimeoutMs),
    );
  }

  #begin(record: AudioLogRecord, context: RecordContext): Call {
    if (record.type !== 'call.started') throw notStarted(record);
    const call = new Call(record, context, { ...this.#deps, parts: this.#models.current });
    this.#calls.set(record.callId, call);
    return call;
  }

  #erase(callId: string, context: RecordContext): Taken {
    this.#calls.get(callId)?.discard();
    this.#calls.delete(callId);
    this.#sayErased(callId, context);
    return { outcome: 'taken', call: null };
  }

  /** A next owner looks back so far only: while audio still comes, it must find that the call is erased. */
  #refuseErased(callId: string, context: RecordContext): Taken {
    const saidMs = this.#erased.get(callId)!;
    if (context.nowMs - saidMs > STATE_REFRESH_MS) this.#sayErased(callId, context);
    return { outcome: 'refused', call: null };
  }

  #sayErased(callId: string, { offset, nowMs }: RecordContext): void {
    this.#refuse(callId, nowMs);
    const { outbox, place } = this.#deps;
    this.#models.current.erase(callId, `${place}/${offset}`, outbox);
  }

  #refuse(callId: string, nowMs: number): void {
    this.#erased.set(callId, nowMs);
    if (this.#erased.size <= this.#options.maxErasedCalls) return;
    this.#erased.delete(this.#erased.keys().next().value!);
  }
}

function notStarted(record: AudioLogRecord): UndertoneError {
  return new UndertoneError(
    'UT_CALLS_NOT_STARTED',
    `A ${record.type} record came for a call that is not live.`,
    {
      place: `call ${record.callId}`,
    },
  );
}
