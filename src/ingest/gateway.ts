import { randomUUID } from 'node:crypto';
import { DEFAULT_VOICE_ACTIVITY, type VoiceActivityOptions } from '../audio/index.js';
import type { BusWriter } from '../bus/index.js';
import type { Clock } from '../clock.js';
import { UndertoneError } from '../errors.js';
import { maskPhoneNumbers } from '../phone-numbers.js';
import type { CallEnded } from './audio-log.js';
import type { DialectName, DialectOptions } from './dialects.js';
import { Feed, type FeedSocket } from './feed.js';
import type { FeedRecord } from './feed-log.js';
import type { SessionContext } from './feed-session.js';
import { LegPolicy, type PolicyOptions } from './leg-policy.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './limits.js';
import type { LiveCall } from './live-call.js';
import { LiveCalls } from './live-calls.js';
import { type IngestObserver, SILENT_INGEST_OBSERVER } from './observer.js';
import type { TwilioTrack } from './telephony/twilio-start.js';

export interface GatewayOptions extends Partial<PolicyOptions> {
  readonly bus: BusWriter;
  readonly audioTopic: string;
  readonly clock: Clock;
  readonly limits?: Partial<IngestLimits>;
  readonly observer?: IngestObserver;
  /** Tenant of calls whose feed names none and needs no credentials. Default `default`. */
  readonly defaultTenant?: string;
  /** Which Twilio track is the customer, unless the stream says. Default `inbound`. */
  readonly twilioCustomerTrack?: TwilioTrack;
  /** How speech is told from silence on legs whose audio is dropped. */
  readonly voiceActivity?: VoiceActivityOptions;
  /** The audio log outlives this gateway: live calls are left open for another one when this one is stopped. Default `false`. */
  readonly leavesCalls?: boolean;
  /** Gives each connection its id. Default: the dialect and a random UUID. */
  readonly newFeedId?: (dialect: DialectName) => string;
}

export interface ConnectOptions {
  readonly dialect: DialectName;
  readonly socket: FeedSocket;
  /** The tenant that the credentials of the connection belong to, where it had to show any. */
  readonly authenticatedTenant?: string | undefined;
}

/** What the owner of a connection tells the gateway of it. */
export type FeedConnection = Pick<Feed, 'text' | 'binary' | 'fault' | 'closed'>;

/** Why no connection can be taken now; to be told before the upgrade. */
export type Closed = 'full' | 'shutting-down';

const DEFAULT_DRAIN_MS = 10_000;

/**
 * Takes in what feeds deliver and appends it to the audio log; socket-free, see `createFeedServer`.
 *
 * What always holds: every call that was announced on the bus is ended on the bus, once, after all of its audio, or left to
 * another gateway with all of its audio on the bus; one feed's failure ends that feed alone.
 */
export class Gateway {
  readonly limits: IngestLimits;
  readonly observer: IngestObserver;
  readonly #options: GatewayOptions;
  readonly #context: SessionContext;
  readonly #dialectOptions: DialectOptions;
  readonly #feeds = new Set<Feed>();
  readonly #writing = new Set<Promise<void>>();
  readonly #calls: LiveCalls;
  #accepting = true;

  constructor(options: GatewayOptions) {
    const { bus, audioTopic, clock, observer = SILENT_INGEST_OBSERVER } = options;
    this.#options = options;
    this.observer = observer;
    this.limits = { ...DEFAULT_INGEST_LIMITS, ...options.limits };
    this.#calls = new LiveCalls(this.limits, clock, {
      pauseOver: (call, durationMs) => this.#write(call, { type: 'call.resumed', durationMs }),
      ended: (call, reason) => this.#endCall(call, reason),
    });
    this.#dialectOptions = { twilio: { customerTrack: options.twilioCustomerTrack ?? 'inbound' } };
    const { agentAudioDeclaredTenants = [], requireNoticeTenants = [] } = options;
    this.#context = {
      ...{ bus, audioTopic, clock, observer, calls: this.#calls },
      maxAheadMs: this.limits.maxAheadMs,
      recordMs: this.limits.recordMs,
      policy: new LegPolicy({ agentAudioDeclaredTenants, requireNoticeTenants }),
      defaultTenant: options.defaultTenant ?? 'default',
      voiceActivity: options.voiceActivity ?? DEFAULT_VOICE_ACTIVITY,
    };
  }

  /** Connections open. */
  get feedCount(): number {
    return this.#feeds.size;
  }

  /** Calls that have a feed or wait for one to come back. */
  get callCount(): number {
    return this.#calls.size;
  }

  /** Why a new connection can not be taken, or `undefined` if it can. */
  get closed(): Closed | undefined {
    if (!this.#accepting) return 'shutting-down';
    return this.#feeds.size >= this.limits.maxStreams ? 'full' : undefined;
  }

  connect({ dialect, socket, authenticatedTenant }: ConnectOptions): FeedConnection {
    const feedId = this.#options.newFeedId?.(dialect) ?? `${dialect}-${randomUUID()}`;
    const feed = new Feed({
      ...{ dialect, socket, authenticatedTenant, feedId },
      dialectOptions: this.#dialectOptions,
      limits: this.limits,
      context: this.#context,
    });
    this.#feeds.add(feed);
    void feed.done.then(() => this.#feeds.delete(feed));
    this.observer.feedOpened(feed.identity);
    if (!this.#accepting) feed.shutDown();
    return feed;
  }

  /**
   * Takes no more connections, ends all feeds, ends or leaves their calls, and resolves when all that was taken in is on
   * the bus.
   *
   * @throws UT_INGEST_DRAIN_TIMEOUT if the bus did not take it within `deadlineMs` (default 10 s).
   */
  async close(deadlineMs = DEFAULT_DRAIN_MS): Promise<void> {
    this.#accepting = false;
    let cancel = (): void => undefined;
    const deadline = new Promise<'late'>((resolve) => {
      cancel = this.#options.clock.setTimer(() => resolve('late'), deadlineMs);
    });
    const outcome = await Promise.race([this.#drain(), deadline]);
    cancel();
    if (outcome !== 'late') return;
    const detail = `${this.#feeds.size} feeds and ${this.#writing.size} records of calls were not done after ${deadlineMs} ms.`;
    throw new UndertoneError('UT_INGEST_DRAIN_TIMEOUT', detail);
  }

  async #drain(): Promise<void> {
    for (const feed of this.#feeds) feed.shutDown();
    await Promise.all([...this.#feeds].map((feed) => feed.done));
    this.#calls.endWaiting('shutdown');
    await Promise.all(this.#writing);
  }

  #endCall(call: LiveCall, reason: CallEnded['reason']): void {
    if (reason === 'shutdown' && call.facts.live && this.#options.leavesCalls) {
      this.#leaveCall(call);
      return;
    }
    this.observer.callEnded(call.callId, call.tenant, reason);
    if (call.pause.stop()) this.#write(call, { type: 'call.resumed', durationMs: 0 });
    this.#write(call, { type: 'call.ended', reason });
  }

  /** Its feed will come back to another gateway, or the worker ends it when it has been silent for long enough. */
  #leaveCall(call: LiveCall): void {
    call.pause.stop();
    this.observer.callLeft(call.callId, call.tenant);
  }

  /** What no feed waits for. */
  #write(call: LiveCall, record: FeedRecord): void {
    const { feed } = call.log!;
    const written = call.log!.append(record).then(() => call.log!.drained());
    const writing = written.catch((error: unknown) => {
      this.observer.feedFailed({ ...feed, callId: maskPhoneNumbers(feed.callId) }, error);
    });
    this.#writing.add(writing);
    void writing.then(() => this.#writing.delete(writing));
  }
}
