import type { VoiceActivityOptions } from '../audio/index.js';
import type { Bus } from '../bus/index.js';
import type { Clock } from '../clock.js';
import type { CallEnded, Leg } from './audio-log.js';
import type { Acceptance, DialectName } from './dialects.js';
import { FeedLog } from './feed-log.js';
import type { LegPolicy } from './leg-policy.js';
import { LegWriter } from './leg-writer.js';
import type { LiveCall } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import type { IngestObserver } from './observer.js';
import type { FeedEvent, FeedFault, FeedStart } from './telephony/feed-event.js';

/** What all feeds of a gateway share. */
export interface SessionContext {
  readonly bus: Bus;
  readonly audioTopic: string;
  readonly clock: Clock;
  readonly observer: IngestObserver;
  readonly calls: LiveCalls;
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
    return this.#call?.paused ?? false;
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
        await this.#writers.get(event.leg)!.lost(event.durationMs);
        return;
      case 'pause':
        return this.#pause();
      case 'resume':
        return this.#resume(event.durationMs);
      case 'ignored':
        this.context.observer.ignored(this.options.dialect, event.reason);
        return;
      case 'stop':
        return;
    }
  }

  /** The feed has ended; so does its call, unless another feed carries it or this one may come back. */
  async end(reason: CallEnded['reason']): Promise<void> {
    const call = this.#call;
    if (!call || this.#ended) return;
    this.#ended = true;
    const written = [...this.#writers.values()].map((writer) => writer.flush());
    written.push(this.#resume(0).then(() => undefined));
    for (const writer of this.#writers.values()) call.writers.delete(writer);
    this.context.calls.leave(call, this.options.feedId, reason);
    await Promise.all(written);
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
    const joined = this.context.calls.join({ callId: start.callId, tenant, feedId, legs: start.legs });
    if ('closeCode' in joined) return joined;
    this.#enter(joined.call, start);
    if (joined.isNew) this.context.observer.callStarted(tenant);
    await this.#announce(start, dialect);
    this.options.onAccepted({ callId: start.callId, feedId, legs: this.#uses() });
    return undefined;
  }

  #enter(call: LiveCall, start: FeedStart): void {
    const { bus, audioTopic, clock, observer, policy, voiceActivity } = this.context;
    const { callId, tenant } = call;
    const { feedId, dialect } = this.options;
    const log = new FeedLog(bus, audioTopic, clock, { callId, tenant, feedId, dialect });
    call.log = log;
    this.#call = call;
    this.#log = log;
    this.#start = start;
    for (const leg of start.legs) {
      const use = policy.useOf(tenant, leg, start.notice);
      const legClock = call.clockOf(leg, start.sampleRateHz);
      const { live, encoding, sampleRateHz } = start;
      const writer = new LegWriter({
        ...{ leg, use, live, encoding, sampleRateHz, log, observer, voiceActivity },
        clock: legClock,
      });
      this.#writers.set(leg, writer);
      call.writers.add(writer);
    }
  }

  /** Each feed says which legs it brings. */
  async #announce(start: FeedStart, feed: DialectName): Promise<void> {
    const { live, notice, legs, queue, synthetic } = start;
    const optional = { ...(queue === undefined ? {} : { queue }), ...(synthetic ? { synthetic } : {}) };
    await this.#log!.append({ type: 'call.started', live, notice, legs, feed, ...optional });
  }

  #uses(): Acceptance['legs'] {
    return [...this.#writers.values()].map(({ options: { leg, use } }) => ({ leg, use }));
  }

  async #audio(leg: Leg, bytes: Uint8Array, arrivedAtMs: number): Promise<undefined> {
    const writer = this.#writers.get(leg)!;
    if (this.#call!.paused) this.context.observer.ignored(this.options.dialect, 'audio-in-pause');
    else await writer.audio(bytes, arrivedAtMs);
  }

  async #pause(): Promise<undefined> {
    const call = this.#call!;
    if (!call.pause(this.options.feedId)) return;
    const voices = [...call.writers].map((writer) => writer.flush());
    await Promise.all([...voices, this.#log!.append({ type: 'call.paused' })]);
  }

  async #resume(durationMs: number): Promise<undefined> {
    const pausedMs = this.#call!.resume(this.options.feedId, durationMs);
    if (pausedMs !== undefined) await this.#log!.append({ type: 'call.resumed', durationMs: pausedMs });
  }
}
