import type { CallSummary, Hole, Point } from '../timeline/index.js';
import { AlertBoard, type AlertStory } from './alert-board.js';
import type { ConsoleEvent } from './events.js';
import { LegTrack } from './leg-track.js';
import type { ConsoleLimits } from './limits.js';

/** What {@link LiveState} needs of the console's limits. */
export type LiveLimits = Pick<
  ConsoleLimits,
  | 'maxCalls'
  | 'maxEndedCalls'
  | 'maxPointsPerLeg'
  | 'maxHolesPerLeg'
  | 'maxAlerts'
  | 'maxErasedCalls'
  | 'keepEndedMs'
  | 'keepQuietMs'
>;

/** One call as the console knows it. `summary` is missing while only points of it have come. */
export interface LiveCall {
  readonly callId: string;
  readonly tenant: string;
  readonly summary: CallSummary | undefined;
  readonly tracks: ReadonlyMap<Point['leg'], LegTrack>;
  /** Wall clock of the last event of the call, milliseconds since the epoch. */
  readonly touchedAtMs: number;
}

interface Entry extends LiveCall {
  summary: CallSummary | undefined;
  tracks: Map<Point['leg'], LegTrack>;
  touchedAtMs: number;
}

/**
 * All that the console holds, the same on the server and in the page: a fold over the events, without clock or
 * sockets. Always holds: no bound of the limits is exceeded after `apply`; nothing of an erased call is held.
 */
export class LiveState {
  readonly #limits: LiveLimits;
  /** In the order in which calls were first heard of. */
  readonly #calls = new Map<string, Entry>();
  readonly #erased = new Set<string>();
  readonly #board: AlertBoard;

  constructor(limits: LiveLimits) {
    this.#limits = limits;
    this.#board = new AlertBoard(limits.maxAlerts);
  }

  /** @param nowMs wall clock, milliseconds since the epoch. */
  apply(event: ConsoleEvent, nowMs: number): void {
    if (event.kind === 'erased') this.#erase(event.value.callId);
    else if (event.kind === 'summary') this.#applySummary(event.value, nowMs);
    else if (!this.#erased.has(event.value.callId)) this.#applyDetail(event, nowMs);
  }

  /** Lets go of calls that ended, or fell silent, too long ago. */
  sweep(nowMs: number): void {
    for (const call of this.#calls.values()) {
      const keepMs = call.summary?.state === 'ended' ? this.#limits.keepEndedMs : this.#limits.keepQuietMs;
      if (nowMs - call.touchedAtMs > keepMs) this.#calls.delete(call.callId);
    }
  }

  /** Live calls before ended ones; in each group the one that began last comes first. */
  calls(): LiveCall[] {
    const newestFirst = [...this.#calls.values()].reverse();
    return [...newestFirst.filter((call) => !isEnded(call)), ...newestFirst.filter(isEnded)];
  }

  call(callId: string): LiveCall | undefined {
    return this.#calls.get(callId);
  }

  /** Newest first. */
  alerts(): AlertStory[] {
    return this.#board.stories();
  }

  #applySummary(summary: CallSummary, nowMs: number): void {
    this.#erased.delete(summary.callId);
    this.#beginAnew(summary);
    const call = this.#touch(summary.callId, summary.tenant, nowMs);
    call.summary = summary;
    if (summary.endedAt !== undefined) call.touchedAtMs = Math.min(nowMs, Date.parse(summary.endedAt));
    if (summary.state === 'ended') this.#keepBounds();
  }

  /** A live summary after the last one: another call under the same id, the newest of all; the old one's past goes. */
  #beginAnew({ callId, state, startedAt }: CallSummary): void {
    const known = this.#calls.get(callId);
    if (state !== 'live' || known?.summary?.state !== 'ended') return;
    for (const track of known.tracks.values()) track.forgetBefore(Date.parse(startedAt));
    this.#calls.delete(callId);
    this.#calls.set(callId, { ...known, summary: undefined });
  }

  #applyDetail(event: ConsoleEvent & { kind: 'point' | 'hole' | 'alert' }, nowMs: number): void {
    if (event.kind === 'alert') this.#board.add(event.value);
    else if (event.kind === 'point') this.#track(event.value, nowMs).addPoint(event.value);
    else this.#track(event.value, nowMs).addHole(event.value);
  }

  #track(origin: Point | Hole, nowMs: number): LegTrack {
    // A console that starts late reads old events: a call is as old as what it said, not as the reading of it.
    const saidAtMs = Math.min(nowMs, Date.parse(origin.emittedAt));
    const call = this.#touch(origin.callId, origin.tenant, saidAtMs);
    let track = call.tracks.get(origin.leg);
    if (track === undefined) {
      track = new LegTrack(this.#limits.maxPointsPerLeg, this.#limits.maxHolesPerLeg);
      call.tracks.set(origin.leg, track);
    }
    return track;
  }

  #touch(callId: string, tenant: string, atMs: number): Entry {
    let call = this.#calls.get(callId);
    if (call === undefined) {
      call = { callId, tenant, summary: undefined, tracks: new Map(), touchedAtMs: atMs };
      this.#calls.set(callId, call);
      this.#keepBounds();
    }
    if (!isEnded(call)) call.touchedAtMs = Math.max(call.touchedAtMs, atMs);
    return call;
  }

  #erase(callId: string): void {
    this.#calls.delete(callId);
    this.#board.dropCall(callId);
    this.#erased.add(callId);
    if (this.#erased.size > this.#limits.maxErasedCalls) this.#erased.delete(first(this.#erased));
  }

  #keepBounds(): void {
    const ended = [...this.#calls.values()].filter(isEnded);
    if (ended.length > this.#limits.maxEndedCalls) this.#calls.delete(oldest(ended).callId);
    if (this.#calls.size <= this.#limits.maxCalls) return;
    this.#calls.delete(oldest(ended.length > 0 ? ended : [...this.#calls.values()]).callId);
  }
}

function isEnded(call: LiveCall): boolean {
  return call.summary?.state === 'ended';
}

function oldest(calls: readonly Entry[]): Entry {
  return calls.reduce((a, b) => (b.touchedAtMs < a.touchedAtMs ? b : a));
}

function first<T>(items: Iterable<T>): T {
  for (const item of items) return item;
  throw new RangeError('first() of nothing');
}
