import type { ResultRecord } from '../bus/index.js';
import {
  type AudioChunk,
  type CallEnded,
  type CallStarted,
  type Leg as LegName,
  type Notice,
  VOICE_BLOCK_MS,
  type VoiceActivityRecord,
} from '../ingest/index.js';
import { heardBefore, notPaused } from './call-errors.js';
import { CallFeeds, type CallRecord } from './call-feeds.js';
import { Leg, type LegOptions } from './leg.js';
import type { CallAnalysis, CallParts, CallState, Outbox, RecordContext } from './ports.js';
import { Rehearsal } from './rehearsal.js';
import type { WindowPool } from './window-pool.js';

/**
 * What happened with a record, for the metrics. `known`: an earlier owner of the partition has dealt with it, it was
 * heard again at most to rebuild what it leaves behind; `refused`: its call has been erased, or its leg must not be
 * analysed. `replaced`: another feed has taken over the leg of its feed.
 */
export type RecordOutcome = 'taken' | 'withheld' | 'known' | 'refused' | 'replaced';

/** What every call of a partition is made with. */
export interface CallDeps {
  readonly parts: CallParts;
  readonly pool: WindowPool;
  readonly options: LegOptions;
  /** Whether the law and the tenant let this leg's audio be analysed. */
  readonly mayAnalyse: (tenant: string, leg: LegName, notice: Notice) => boolean;
  readonly outbox: Outbox;
  /** The partition of the audio log, `topic/partition`. */
  readonly place: string;
}

/**
 * One conversation: its legs, and what all of them share.
 *
 * A call that was taken over from another worker first rehearses: the records up to `state.through` rebuild its legs
 * and have no other effect; the first record after them finds it as its former owner left it.
 */
export class Call {
  readonly started: CallStarted;
  readonly startedAtOffset: number;
  readonly #deps: CallDeps;
  readonly #analysis: CallAnalysis;
  readonly #legs = new Map<LegName, Leg>();
  readonly #feeds: CallFeeds;
  #rehearsal: Rehearsal | null = null;
  #through: number;
  #lastTakenAtMs: number;
  #paused = false;
  #pausedMs = 0;
  /** Media time of the leg whose audio stayed at the gateway. */
  #voicedMs = 0;
  #ended = false;
  #discarded = false;
  #isRebuilt = true;
  #stateDue = false;
  /** What a next owner must read again: by the newest state in the log, and by the one on its way there. */
  #loggedReplayFrom: number;
  #sentReplayFrom: number | null = null;

  constructor(started: CallStarted, context: RecordContext, deps: CallDeps, state?: CallState) {
    this.started = started;
    this.startedAtOffset = state?.startedAtOffset ?? context.offset;
    this.#deps = deps;
    this.#through = state?.through ?? context.offset;
    this.#loggedReplayFrom = state?.replayFrom ?? context.offset;
    this.#lastTakenAtMs = context.nowMs;
    this.#feeds = new CallFeeds(state?.feeds);
    const origin = `${deps.place}/${this.startedAtOffset}`;
    this.#analysis = deps.parts.createAnalysis(started, origin, this.#outbox(deps.outbox), state?.analysis);
    if (state === undefined) this.#join(started, context);
    else {
      this.#resumeLegs(state);
      this.#rehearsal = new Rehearsal(state, this.#legs);
    }
  }

  /** Nothing more will come of it. */
  get ended(): boolean {
    return this.#ended || this.#discarded;
  }

  /** What it is made with, to its end. */
  get parts(): CallParts {
    return this.#deps.parts;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** When its last record was taken, by the clock of this process: clocks of others say nothing about silence here. */
  get lastTakenAtMs(): number {
    return this.#lastTakenAtMs;
  }

  /** The audio log must be kept from here on, for a next owner to rebuild the call. */
  get replayFrom(): number {
    return this.#loggedReplayFrom;
  }

  /** A summary, with the state, should be written after this batch. */
  get summaryDue(): boolean {
    return this.#rehearsal === null && !this.#ended && (this.#stateDue || this.#analysis.summaryDue);
  }

  settled(): Promise<void> {
    return this.#analysis.settled();
  }

  take(record: CallRecord, context: RecordContext): RecordOutcome {
    if (this.#rehearsal !== null) {
      if (context.offset <= this.#rehearsal.state.through) {
        const placed = this.#feeds.placed(record, context.offset);
        if (placed !== undefined) this.#rehearsal.take(placed, context);
        return 'known';
      }
      this.takeUp();
    }
    this.#through = context.offset;
    this.#lastTakenAtMs = context.nowMs;
    return this.#take(record, context);
  }

  /**
   * Ends the rehearsal: from now on records count.
   *
   * @returns false where the log no longer held the audio to rebuild a leg: it begins anew, as after a gap
   */
  takeUp(): boolean {
    if (this.#rehearsal === null) return this.#isRebuilt;
    const { paused, pausedMs } = this.#rehearsal.state;
    this.#rehearsal = null;
    this.#paused = paused;
    this.#pausedMs = pausedMs;
    const rebuilt = [...this.#legs.values()].map((leg) => leg.takeUp());
    this.#isRebuilt = paused || rebuilt.every((whole) => whole);
    return this.#isRebuilt;
  }

  /**
   * Makes a summary. Only when settled; the state in it counts from {@link committed} on.
   *
   * @param readTo offset up to which the log has been read, to put a state in; null keeps it out
   */
  summarize(readTo: number | null): void {
    const state = readTo === null ? null : this.#state(readTo);
    this.#stateDue = false;
    this.#sentReplayFrom = state?.replayFrom ?? null;
    this.#analysis.summarize(state);
  }

  /** What was enqueued so far stands in the log. */
  committed(): void {
    this.#loggedReplayFrom = this.#sentReplayFrom ?? this.#loggedReplayFrom;
    this.#sentReplayFrom = null;
  }

  /** From now on nothing comes of it any more, neither of what is still under way. */
  discard(): void {
    this.#discarded = true;
  }

  end(reason: CallEnded['reason']): void {
    this.#ended = true;
    for (const leg of this.#legs.values()) leg.end();
    this.#analysis.end(reason);
  }

  #take(sent: CallRecord, context: RecordContext): RecordOutcome {
    const record = this.#feeds.placed(sent, context.offset);
    if (record === undefined) return 'replaced';
    const outcome = this.#takePlaced(record, context);
    const mediaMs = Math.max(this.#voicedMs, ...[...this.#legs.values()].map((leg) => leg.mediaMs));
    this.#feeds.heard(mediaMs, context.arrivedAtMs);
    return outcome;
  }

  #takePlaced(record: CallRecord, context: RecordContext): RecordOutcome {
    switch (record.type) {
      case 'call.started':
        this.#join(record, context);
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
        // While it is paused nothing needs to be heard again: whoever takes it over now need not read far back.
        this.#stateDue = true;
        this.#paused = true;
        for (const leg of this.#legs.values()) leg.suspend();
        return 'taken';
      case 'call.resumed':
        this.#resume(record.durationMs);
        return 'taken';
      case 'call.ended':
        this.end(record.reason);
        return 'taken';
    }
  }

  /** A feed begins. Nobody can end the pause of feeds that it replaces. */
  #join(started: CallStarted, context: RecordContext): void {
    const isAlone = this.#feeds.begin(started, context);
    if (isAlone && this.#paused) this.#resume(0);
    this.#analysis.announce(started.legs);
  }

  #chunk(chunk: AudioChunk, context: RecordContext): RecordOutcome {
    const { tenant, notice } = this.started;
    if (!this.#deps.mayAnalyse(tenant, chunk.leg, notice)) return 'refused';
    if (this.#paused) return 'withheld';
    if (!this.#leg(chunk.leg).chunk(chunk, context)) throw heardBefore(chunk);
    return 'taken';
  }

  /** A leg whose audio stayed at the gateway. */
  #voice({ leg, firstBlock, voiced }: VoiceActivityRecord): void {
    for (const [i, speaks] of voiced.entries()) this.#analysis.voice(leg, firstBlock + i, speaks);
    const mediaMs = (firstBlock + voiced.length) * VOICE_BLOCK_MS;
    this.#voicedMs = mediaMs;
    this.#analysis.progress(leg, { mediaMs, lostMs: 0, pausedMs: 0 });
  }

  #resume(durationMs: number): void {
    if (!this.#paused) throw notPaused(this.started.callId);
    this.#paused = false;
    this.#pausedMs += durationMs;
    for (const leg of this.#legs.values()) leg.pause(durationMs);
  }

  #state(readTo: number): CallState {
    const legs = [...this.#legs].map(([name, leg]) => [name, leg.state()] as const);
    const replays = legs.map(([, { replay }]) => replay.offset);
    // While it is paused nothing need be heard again; the record named is only to be older than this state.
    const replayFrom = this.#paused
      ? Math.max(this.#through, readTo - 1)
      : Math.min(this.#through, ...replays);
    return {
      version: 1,
      model: this.#deps.parts.model,
      frontEnd: this.#deps.parts.frontEnd,
      through: this.#through,
      startedAtOffset: this.startedAtOffset,
      replayFrom,
      started: this.started,
      feeds: this.#feeds.state,
      paused: this.#paused,
      pausedMs: this.#pausedMs,
      legs: Object.fromEntries(legs),
      // The analysis puts its own state in, as it is after the summary that carries it.
      analysis: null,
    };
  }

  #resumeLegs({ legs }: CallState): void {
    const { parts, pool, options } = this.#deps;
    for (const [name, state] of Object.entries(legs) as [LegName, Parameters<typeof Leg.resume>[5]][]) {
      this.#legs.set(name, Leg.resume(name, parts.createWindows(), this.#analysis, pool, options, state));
    }
  }

  /** Each result says through which record it holds. */
  #outbox(outbox: Outbox): Outbox {
    return {
      add: (result: ResultRecord, onWritten) => {
        if (this.#discarded) return;
        const headers = { ...result.headers, through: String(this.#through) };
        outbox.add({ ...result, headers }, onWritten);
      },
    };
  }

  #leg(name: LegName): Leg {
    let leg = this.#legs.get(name);
    if (leg === undefined) {
      const { parts, pool, options } = this.#deps;
      leg = new Leg(name, parts.createWindows(), this.#analysis, pool, options, this.#pausedMs);
      this.#legs.set(name, leg);
    }
    return leg;
  }
}
