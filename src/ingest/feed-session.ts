import type { VoiceActivityOptions } from '../audio/index.js';
import type { BusWriter } from '../bus/index.js';
import type { Clock } from '../clock.js';
import type { CallEnded, Leg } from './audio-log.js';
import type { Acceptance, DialectName } from './dialects.js';
import { FeedLog } from './feed-log.js';
import type { LegPolicy } from './leg-policy.js';
import { LegWriter } from './leg-writer.js';
import type { LiveCall } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import type { IngestObserver } from './observer.js';
import type { FeedEvent, FeedFault, FeedStart, IgnoredReason } from './telephony/feed-event.js';

/** What all feeds of a gateway share. */
export interface SessionContext {
  readonly bus: BusWriter;
  readonly audioTopic: string;
  readonly clock: Clock;
  readonly observer: IngestObserver;
  readonly calls: LiveCalls;
  /** See `IngestLimits.maxAheadMs`. */
  readonly maxAheadMs: number;
  /** See `IngestLimits.recordMs`. */
  readonly recordMs: number;
  readonly policy: LegPolicy;
  readonly defaultTenant: string;
  readonly voiceActivity: VoiceActivityOptions;
}

export interface SessionOptions {
  readonly feedId: string;
  readonly dialect: DialectName;
  /** The tenant that the feed's credentials belong to, where it had to show any. */
  readonly authenticatedTenant: string | undefined;
  readonly onAccepted: (acceptance: Acceptance) => void;
  /** A record could not be written; told once. */
  readonly onFailed: (error: unknown) => void;
}

/** What one feed means to its call. Events are handled one after another; the caller waits for each. */
export class FeedSession {
  #call: LiveCall | undefined;
  #log: FeedLog | undefined;
  #start: FeedStart | undefined;
  #ended = false;
  readonly #writers = new Map<Leg, LegWriter>();

  constructor(
    readonly context: SessionContext,
    readonly options: SessionOptions,
  ) {}

  get callId(): string | undefined {
    return this.#start?.callId;
  }

  get tenant(): string | undefined {
    return this.#call?.tenant ?? this.options.authenticatedTenant;
  }

  get paused(): boolean {
    return this.#call?.pause.active ?? false;
  }

  /**
   * @param arrivedAtMs wall clock when the message came in.
   * @returns the fault for which the feed must be ended, if any.
   */
  async handle(event: FeedEvent, arrivedAtMs: number): Promise<FeedFault | undefined> {
    switch (event.type) {
      case 'start':
        return this.#begin(event);
      case 'audio':
        return this.#audio(event.leg, event.bytes, arrivedAtMs);
      case 'lost':
        return this.#lost(event.leg, event.durationMs, arrivedAtMs);
      case 'pause':
        return this.#pause();
      case 'resume':
        return this.#resume(event.durationMs, arrivedAtMs);
      case 'ignored':
        return this.#ignore(event.reason);
      case 'stop':
        return;
    }
  }

  /**
   * The feed has ended; so does its call, unless another feed carries it or this one may come back. Its pause is over
   * only if it said that it is done, or was silent for as long as a pause may last.
   */
  async end(reason: CallEnded['reason']): Promise<void> {
    const call = this.#call;
    if (!call || this.#ended) return;
    this.#ended = true;
    const written = [...this.#writers.values()].map((writer) => writer.flush());
    if (reason === 'completed' || reason === 'idle') written.push(this.#goOn(0, this.context.clock.nowMs()));
    else call.pause.abandon(this.options.feedId);
    for (const writer of this.#writers.values()) call.writers.delete(writer);
    this.context.calls.leave(call, this.options.feedId, reason);
    await Promise.all(written);
    await this.#log?.drained();
  }

  async #begin(start: FeedStart): Promise<FeedFault | undefined> {
    const { feedId, authenticatedTenant, dialect } = this.options;
    const tenant = authenticatedTenant ?? start.tenant ?? this.context.defaultTenant;
    if (start.tenant !== undefined && start.tenant !== tenant) {
      const message = `start names tenant ${start.tenant}, but the credentials belong to another.`;
      return { closeCode: 1008, code: 'UT_INGEST_BAD_START', message };
    }
    const refusal = this.context.policy.refusal(tenant, start.legs);
    if (refusal) return refusal;
    const joined = this.context.calls.join({ ...start, tenant, feedId });
    if ('closeCode' in joined) return joined;
    this.#enter(joined.call, start);
    if (joined.isNew) this.context.observer.callStarted(start.callId, tenant);
    await this.#announce(start, dialect);
    this.options.onAccepted({ callId: start.callId, feedId, legs: this.#uses() });
    return undefined;
  }

  #enter(call: LiveCall, start: FeedStart): void {
    const { bus, audioTopic, clock, observer, policy, voiceActivity, recordMs } = this.context;
    const { callId, tenant } = call;
    const { feedId, dialect } = this.options;
    const identity = { callId, tenant, feedId, dialect };
    const log = new FeedLog(bus, audioTopic, clock, identity, this.options.onFailed);
    call.log = log;
    this.#call = call;
    this.#log = log;
    this.#start = start;
    for (const leg of start.legs) {
      const use = policy.useOf(tenant, leg, start.notice);
      const legClock = call.clockOf(leg, start.sampleRateHz);
      const { live, encoding, sampleRateHz } = start;
      const writer = new LegWriter({
        ...{ leg, use, live, encoding, sampleRateHz, log, observer, voiceActivity, recordMs },
        clock: legClock,
        wallClock: clock,
        reachedMs: (atMs) => call.reachedMs(atMs),
      });
      this.#writers.set(leg, writer);
      call.writers.add(writer);
    }
  }

  /** Each feed says which legs it brings. */
  async #announce(start: FeedStart, feed: DialectName): Promise<void> {
    const { live, notice, legs, queue, synthetic } = start;
    const optional = { ...(queue === undefined ? {} : { queue }), ...(synthetic ? { synthetic } : {}) };
    const { firstFeed } = this.#call!.facts;
    await this.#log!.append({ type: 'call.started', live, notice, legs, feed, firstFeed, ...optional });
    // A feed is accepted once its call stands in the log.
    await this.#log!.drained();
  }

  #uses(): Acceptance['legs'] {
    return [...this.#writers.values()].map(({ options: { leg, use } }) => ({ leg, use }));
  }

  async #audio(leg: Leg, bytes: Uint8Array, arrivedAtMs: number): Promise<undefined> {
    const writer = this.#writers.get(leg)!;
    if (this.paused) this.#ignore('audio-in-pause');
    else await writer.audio(bytes, arrivedAtMs);
  }

  async #pause(): Promise<undefined> {
    const call = this.#call!;
    if (!call.pause.begin(this.options.feedId, this.#start!.legs)) return;
    const voices = [...call.writers].map((writer) => writer.flush());
    await Promise.all([...voices, this.#log!.append({ type: 'call.paused' })]);
  }

  async #lost(leg: Leg, durationMs: number, arrivedAtMs: number): Promise<FeedFault | undefined> {
    if (this.paused) return this.#ignore('audio-in-pause');
    const writer = this.#writers.get(leg)!;
    const fault = this.#aheadOfTime(writer.options.clock.offsetMs + durationMs, arrivedAtMs);
    if (!fault) await writer.lost(durationMs);
    return fault;
  }

  async #resume(durationMs: number, arrivedAtMs: number): Promise<FeedFault | undefined> {
    const call = this.#call!;
    if (!call.pause.isHeldBy(this.options.feedId)) return this.#ignore('repeated');
    const fault = this.#aheadOfTime(call.longestMs + durationMs, arrivedAtMs);
    if (!fault) await this.#goOn(durationMs, arrivedAtMs);
    return fault;
  }

  async #goOn(durationMs: number, atMs: number): Promise<void> {
    const pausedMs = this.#call!.pause.end(this.options.feedId, durationMs);
    if (pausedMs === undefined) return;
    this.#call!.goOn(pausedMs, atMs);
    await this.#log!.append({ type: 'call.resumed', durationMs: pausedMs });
  }

  /** No more of a live call can be lost or withheld than has passed of it. */
  #aheadOfTime(mediaMs: number, atMs: number): FeedFault | undefined {
    const { maxAheadMs } = this.context;
    const aheadMs = mediaMs - (atMs - this.#call!.facts.startedAtMs);
    if (!this.#start!.live || aheadMs <= maxAheadMs) return undefined;
    const message = `its media time would be ${Math.round(aheadMs)} ms ahead of the time passed; ${maxAheadMs} ms are allowed.`;
    return { closeCode: 1008, code: 'UT_INGEST_AHEAD_OF_TIME', message };
  }

  #ignore(reason: IgnoredReason): undefined {
    this.context.observer.ignored(this.options.dialect, reason);
  }
}
