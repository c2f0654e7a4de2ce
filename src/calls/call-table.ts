import { UndertoneError } from '../errors.js';
import type { AudioLogRecord } from '../ingest/index.js';
import { Call, type CallDeps, type RecordOutcome } from './call.js';
import type { LegOptions } from './leg.js';
import type { CallParts, Outbox, RecordContext } from './ports.js';
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

/** The live calls of one partition. A call is in the table from `call.started` to `call.ended`. */
export class CallTable {
  readonly #options: CallTableOptions;
  readonly #deps: CallDeps;
  readonly #pool: WindowPool;
  readonly #calls = new Map<string, Call>();
  readonly #erased = new Set<string>();
  #over: ReadonlyMap<string, number> = new Map();

  /** @param place the partition of the audio log, `topic/partition` */
  constructor(parts: CallParts, options: CallTableOptions, outbox: Outbox, place: string) {
    this.#options = options;
    this.#pool = new WindowPool(parts.createWindows().windowLength);
    const { leg, mayAnalyse } = options;
    this.#deps = { parts, pool: this.#pool, options: leg, mayAnalyse, outbox, place };
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

  /** Takes over what another worker left; before the first record. */
  adopt({ live, over, erased }: Recovered, nowMs: number): void {
    this.#over = over;
    for (const callId of erased) this.#refuse(callId);
    for (const state of live.values()) {
      const context = { skipDue: false, arrivedAtMs: nowMs, offset: state.through, nowMs };
      this.#calls.set(state.started.callId, new Call(state.started, context, this.#deps, state));
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
  take(
    record: AudioLogRecord,
    context: RecordContext,
  ): { readonly outcome: RecordOutcome; readonly call: Call | null } {
    const { callId } = record;
    if (context.offset <= (this.#over.get(callId) ?? -1)) return { outcome: 'known', call: null };
    if (record.type === 'call.erased') return this.#erase(callId, context);
    if (this.#erased.has(callId)) return { outcome: 'refused', call: null };
    const known = this.#calls.get(callId);
    const call = known ?? this.#begin(record, context);
    const outcome = known === undefined ? 'taken' : call.take(record, context);
    if (call.ended) this.#calls.delete(callId);
    return { outcome, call };
  }

  /**
   * Ends the calls of which nothing has been heard for too long.
   *
   * @param nowMs clock of this process
   */
  endIdle(nowMs: number): Call[] {
    const { idleTimeoutMs, pausedTimeoutMs } = this.#options;
    const idle = [...this.#calls.values()].filter(
      (call) => nowMs - call.lastTakenAtMs > (call.paused ? pausedTimeoutMs : idleTimeoutMs),
    );
    for (const call of idle) {
      call.end('idle');
      this.#calls.delete(call.started.callId);
    }
    return idle;
  }

  calls(): IterableIterator<Call> {
    return this.#calls.values();
  }

  #begin(record: AudioLogRecord, context: RecordContext): Call {
    if (record.type !== 'call.started') throw notStarted(record);
    const call = new Call(record, context, this.#deps);
    this.#calls.set(record.callId, call);
    return call;
  }

  #erase(
    callId: string,
    { offset }: RecordContext,
  ): { readonly outcome: RecordOutcome; readonly call: null } {
    this.#calls.get(callId)?.discard();
    this.#calls.delete(callId);
    this.#refuse(callId);
    const { parts, outbox, place } = this.#deps;
    parts.erase(callId, `${place}/${offset}`, outbox);
    return { outcome: 'taken', call: null };
  }

  #refuse(callId: string): void {
    this.#erased.add(callId);
    if (this.#erased.size > this.#options.maxErasedCalls)
      this.#erased.delete(this.#erased.values().next().value!);
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
