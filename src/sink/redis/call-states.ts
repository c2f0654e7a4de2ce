import { CallState } from './call-state.js';
import type { Publication } from './publication.js';

/** A state that is to be written. */
export interface StateWrite {
  readonly callId: string;
  readonly text: string;
  readonly ttlMs: number;
  readonly reason: WriteReason;
}

/**
 * `changed`: there is news. `missed`: there was news while Redis was away, so that messages were lost and the state is
 * published in their place. `restore`: it was written once and Redis may have lost it; another process may have gone
 * on with the call, so it is written only where Redis holds none.
 */
export type WriteReason = 'changed' | 'missed' | 'restore';

export interface CallStatesOptions {
  readonly maxCalls: number;
  readonly liveTtlMs: number;
  readonly endedTtlMs: number;
}

/**
 * The latest states of this process's calls, and which of them Redis has yet to be told. Always holds: at most
 * `maxCalls` are remembered, none for longer than Redis would keep it; every pending one is remembered.
 */
export class CallStates {
  readonly #options: CallStatesOptions;
  /** Both in the order of their newest summaries. */
  readonly #live = new Map<string, CallState>();
  readonly #ended = new Map<string, CallState>();
  readonly #pending = new Map<string, WriteReason>();
  /** Pending, but Redis refused them: to be tried again later. */
  readonly #deferred = new Map<string, WriteReason>();

  constructor(options: CallStatesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#live.size + this.#ended.size;
  }

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  /** @returns whether another call had to be forgotten */
  tell(publication: Publication): boolean {
    const { told, toldAtMs } = publication;
    if (told.kind === 'erased') return false;
    const { callId, tenant } = told.value;
    const call = this.#live.get(callId) ?? new CallState(callId, tenant, toldAtMs);
    if (call.apply(publication)) this.#expect(callId, 'changed');
    if (told.kind === 'summary' || !this.#live.has(callId)) this.#place(call);
    return this.#keepBound(toldAtMs);
  }

  /** At the end of the order; not with every point, which would cost more than all else here. */
  #place(call: CallState): void {
    this.#live.delete(call.callId);
    this.#ended.delete(call.callId);
    (call.isEnded ? this.#ended : this.#live).set(call.callId, call);
  }

  /** Nothing of the call is remembered any more. */
  forget(callId: string): void {
    for (const map of [this.#live, this.#ended, this.#pending, this.#deferred]) map.delete(callId);
  }

  /** Takes states that are to be written; {@link defer} gives back those that were not taken. */
  takePending(max: number, nowMs: number): StateWrite[] {
    const writes: StateWrite[] = [];
    for (const [callId, reason] of this.#pending) {
      if (writes.length >= max) break;
      this.#pending.delete(callId);
      const write = this.#writeOf(callId, reason, nowMs);
      if (write !== null) writes.push(write);
    }
    return writes;
  }

  defer({ callId, reason }: StateWrite): void {
    if (this.#live.has(callId) || this.#ended.has(callId)) this.#deferred.set(callId, reason);
  }

  /** A message about the call was lost that nothing later makes good for. */
  missed(callId: string): void {
    if (this.#live.has(callId) || this.#ended.has(callId)) this.#expect(callId, 'missed');
  }

  /** What was deferred is pending again. */
  resume(): void {
    for (const [callId, reason] of this.#deferred) this.#expect(callId, reason);
    this.#deferred.clear();
  }

  /** Redis was away and may have lost anything: every state is pending, ended ones as the last word. */
  restoreAll(): void {
    this.resume();
    for (const [callId, reason] of this.#pending)
      if (reason === 'changed') this.#pending.set(callId, 'missed');
    for (const callId of this.#ended.keys()) this.#expect(callId, 'changed');
    for (const callId of this.#live.keys()) this.#expect(callId, 'restore');
  }

  /** The weightiest reason counts. */
  #expect(callId: string, reason: WriteReason): void {
    const known = this.#pending.get(callId);
    const isWeightier = known === undefined || known === 'restore' || reason === 'missed';
    if (isWeightier) this.#pending.set(callId, reason);
  }

  #writeOf(callId: string, reason: WriteReason, nowMs: number): StateWrite | null {
    const call = this.#live.get(callId) ?? this.#ended.get(callId);
    if (call === undefined) return null;
    const ttlMs = Math.ceil(this.#expiresAtMs(call) - nowMs);
    if (ttlMs > 0) return { callId, text: call.text(), ttlMs, reason };
    this.forget(callId);
    return null;
  }

  #expiresAtMs({ isEnded, touchedAtMs }: CallState): number {
    return touchedAtMs + (isEnded ? this.#options.endedTtlMs : this.#options.liveTtlMs);
  }

  #keepBound(nowMs: number): boolean {
    for (const map of [this.#ended, this.#live]) {
      const oldest = first(map);
      if (oldest !== undefined && this.#expiresAtMs(oldest) <= nowMs) this.forget(oldest.callId);
    }
    if (this.size <= this.#options.maxCalls) return false;
    this.forget((first(this.#ended) ?? first(this.#live))!.callId);
    return true;
  }
}

function first(calls: ReadonlyMap<string, CallState>): CallState | undefined {
  for (const call of calls.values()) return call;
  return undefined;
}
