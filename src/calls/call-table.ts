import { UndertoneError } from '../errors.js';
import type { AudioLogRecord } from '../ingest/index.js';
import { Call, type RecordOutcome } from './call.js';
import type { LegOptions } from './leg.js';
import type { CallParts, RecordContext } from './ports.js';
import { WindowPool } from './window-pool.js';

/** The live calls of one partition. A call is in the table from `call.started` to `call.ended`. */
export class CallTable {
  readonly #parts: CallParts;
  readonly #options: LegOptions;
  readonly #pool: WindowPool;
  readonly #calls = new Map<string, Call>();

  constructor(parts: CallParts, options: LegOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#pool = new WindowPool(parts.createWindows().windowLength);
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Windows that wait for the model. */
  get pendingWindows(): number {
    return this.#pool.inUse;
  }

  isLive(callId: string): boolean {
    return this.#calls.get(callId)?.started.live ?? false;
  }

  /** @throws UT_CALLS_NOT_STARTED for a record of a call that is not in the table, and what the record itself causes */
  take(
    record: AudioLogRecord,
    context: RecordContext,
  ): { readonly outcome: RecordOutcome; readonly call: Call } {
    const known = this.#calls.get(record.callId);
    const call = known ?? this.#begin(record);
    const outcome = known === undefined ? 'taken' : call.take(record, context);
    if (call.ended) this.#calls.delete(record.callId);
    return { outcome, call };
  }

  #begin(record: AudioLogRecord): Call {
    if (record.type !== 'call.started') throw notStarted(record);
    const call = new Call(record, this.#parts, this.#pool, this.#options);
    this.#calls.set(record.callId, call);
    return call;
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
