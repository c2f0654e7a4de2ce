import { CallRecord } from './call-record.js';
import { Delays } from './delays.js';
import { WindowGeometry } from './geometry.js';
import type { WindowResult } from './results/result-event.js';
import { addCall, EMPTY_TALLY, isAccountedFor, type Tally } from './tally.js';

/** A result that comes this long after its call was settled would go unnoticed; ids are kept for so many calls. */
const MAX_SETTLED = 20_000;

/**
 * All calls of one run. Always holds: a call is in `#open` until all its windows have come or its time is up, and is
 * counted once, when it leaves.
 */
export class Ledger {
  readonly delays: Delays;
  /** Audio that was sent, all calls together. */
  audioMs = 0;
  readonly #open = new Map<string, CallRecord>();
  /** Kept for windows that come once more when their call has been counted. */
  readonly #settled = new Map<string, CallRecord>();
  readonly #geometry = new WindowGeometry();
  readonly #legs: readonly string[];
  readonly #graceMs: number;
  #tally: Tally = EMPTY_TALLY;
  #lateTwice = 0;

  /** @param legs of which windows are expected; @param graceMs how long after its end a call may miss windows */
  constructor(startMs: number, legs: readonly string[], graceMs: number) {
    this.delays = new Delays(startMs);
    this.#legs = legs;
    this.#graceMs = graceMs;
  }

  begin(callId: string): CallRecord {
    const record = new CallRecord(callId, this.#legs);
    this.#open.set(callId, record);
    return record;
  }

  /** Results of calls that are not of this run are left alone. */
  take(result: WindowResult, seenAtMs: number): void {
    const record = this.#open.get(result.callId);
    if (record === undefined) {
      this.#takeLate(result);
      return;
    }
    this.#geometry.learn(result);
    const sentAtMs = record.take(result);
    if (sentAtMs !== undefined) this.delays.add(sentAtMs, seenAtMs - sentAtMs);
  }

  /** Counts the calls that are done with. @returns how many are not */
  settle(nowMs: number): number {
    for (const record of this.#open.values()) {
      if (record.end === undefined) continue;
      const isLate = nowMs - record.endedAtMs > this.#graceMs;
      if (isLate || isAccountedFor(record, this.#geometry)) this.#settle(record);
    }
    return this.#open.size;
  }

  get tally(): Tally {
    const { windows, ...rest } = this.#tally;
    return { ...rest, windows: { ...windows, twice: windows.twice + this.#lateTwice } };
  }

  #settle(record: CallRecord): void {
    this.#open.delete(record.callId);
    this.#tally = addCall(this.#tally, record, this.#geometry);
    record.forgetSending();
    this.#settled.set(record.callId, record);
    if (this.#settled.size <= MAX_SETTLED) return;
    const [oldest] = this.#settled.keys();
    this.#settled.delete(oldest!);
  }

  #takeLate(result: WindowResult): void {
    const record = this.#settled.get(result.callId);
    if (record === undefined) return;
    const before = twiceOf(record);
    record.take(result);
    this.#lateTwice += twiceOf(record) - before;
  }
}

function twiceOf(record: CallRecord): number {
  return [...record.legs.values()].reduce((sum, { twice }) => sum + twice, 0);
}
