import type { CancelTimer, Clock } from '../clock.js';
import { errorCodeOf } from '../errors.js';
import { maskPhoneNumbers } from '../phone-numbers.js';
import type { CallEnded } from './audio-log.js';
import { type Acceptance, DIALECT, type Dialect, type DialectName, type DialectOptions } from './dialects.js';
import { FeedSession, type SessionContext } from './feed-session.js';
import type { IngestLimits } from './limits.js';
import { MessageBudget } from './message-budget.js';
import type { CloseCode, FeedIdentity } from './observer.js';
import { SilenceWatch } from './silence-watch.js';
import { type Readable, SocketValve } from './socket-valve.js';
import {
  type FeedEvent,
  type FeedFault,
  type FeedParser,
  type FeedStep,
  isFault,
} from './telephony/feed-event.js';

/** The connection as a feed needs it; all calls are safe after it has closed. */
export interface FeedSocket extends Readable {
  send(text: string): void;
  /** Starts the closing handshake; a `reason` longer than the protocol allows is cut. */
  close(code: number, reason: string): void;
}

export interface FeedOptions {
  readonly dialect: DialectName;
  readonly dialectOptions: DialectOptions;
  readonly feedId: string;
  /** The tenant that the credentials of the connection belong to, where it had to show any. */
  readonly authenticatedTenant: string | undefined;
  readonly socket: FeedSocket;
  readonly limits: IngestLimits;
  readonly context: SessionContext;
}

/** How a feed ends: what its call is told, and how the socket is closed if it is still open. */
interface Ending {
  readonly reason: CallEnded['reason'];
  readonly closeCode: CloseCode;
  readonly fault?: FeedFault;
}

interface Job {
  readonly event: FeedEvent | { readonly type: 'end' };
  readonly bytes: number;
  readonly arrivedAtMs: number;
}

/** What the observer is told where the connection broke (RFC 6455 §7.4.1). */
const NO_CLOSE_FRAME = 1006;
const NORMAL_CLOSE = 1000;

/**
 * One connection, from its first message to its end.
 *
 * What always holds: messages are handled one after another, in order, by the one pump; while too many wait, the
 * socket is not read, so that a full bus slows the sender; the feed ends once, and what came before its end has been
 * appended by then; whatever fails ends this feed and no other.
 */
export class Feed {
  /** Resolves when the feed has ended and all it delivered is on the bus. Never rejects. */
  readonly done: Promise<void>;
  readonly #dialect: Dialect;
  readonly #parser: FeedParser;
  readonly #session: FeedSession;
  readonly #valve: SocketValve;
  readonly #queue: Job[] = [];
  #queuedBytes = 0;
  #pumping = false;
  #live = true;
  /** Nothing that fails from now on ends it once more. */
  #failed = false;
  #budget: MessageBudget;
  #silence: SilenceWatch;
  #cancelSlowing: CancelTimer | undefined;
  #ending: Ending | undefined;
  #finished!: () => void;

  constructor(readonly options: FeedOptions) {
    const { dialect, dialectOptions, feedId, authenticatedTenant, context, limits, socket } = options;
    this.#dialect = DIALECT[dialect];
    this.#parser = this.#dialect.createParser(dialectOptions);
    const onAccepted = (acceptance: Acceptance): void => this.#reply(this.#dialect.accepted?.(acceptance));
    this.#session = new FeedSession(context, {
      feedId,
      dialect,
      authenticatedTenant,
      onAccepted,
      onFailed: (error) => this.#fail(error),
    });
    this.#valve = new SocketValve(socket, () => context.observer.socketPaused(dialect));
    this.#budget = new MessageBudget(limits.maxMessagesPerSecond, this.#clock.nowMs());
    this.#silence = new SilenceWatch(
      this.#clock,
      () => limits.startTimeoutMs,
      (allowedMs) => this.#startTimedOut(allowedMs),
    );
    this.done = new Promise((resolve) => {
      this.#finished = resolve;
    });
  }

  get identity(): FeedIdentity {
    const { dialect, feedId } = this.options;
    const { tenant, callId } = this.#session;
    return { dialect, feedId, tenant, callId: callId && maskPhoneNumbers(callId) };
  }

  text(message: string): void {
    this.#take(Buffer.byteLength(message), () => this.#parser.text(message));
  }

  binary(bytes: Uint8Array): void {
    this.#take(bytes.length, () => this.#parser.binary(bytes));
  }

  /** The connection is gone; nothing can be sent any more. */
  closed(): void {
    this.#end({ reason: 'feed-lost', closeCode: NO_CLOSE_FRAME });
  }

  /** The connection is to be ended for what the sender did. */
  fault(fault: FeedFault): void {
    const reason = fault.code === 'UT_INGEST_IDLE' ? 'idle' : 'error';
    this.#end({ reason, closeCode: fault.closeCode, fault });
  }

  shutDown(): void {
    const message = 'the gateway is shutting down.';
    const fault = { closeCode: 1001, code: 'UT_INGEST_SHUTTING_DOWN', message } as const;
    this.#end({ reason: 'shutdown', closeCode: fault.closeCode, fault });
  }

  get #clock(): Clock {
    return this.options.context.clock;
  }

  #take(bytes: number, parse: () => FeedStep): void {
    if (this.#ending) return;
    this.#silence.heard();
    this.options.context.observer.message(this.options.dialect, bytes);
    this.#limitRate();
    if (this.#ending) return;
    const step = parse();
    if (isFault(step)) this.fault(step);
    else for (const event of step) this.#accept(event, bytes / step.length);
  }

  #accept(event: FeedEvent, bytes: number): void {
    if (event.type === 'start') this.#startHeard(event.live);
    this.#enqueue(event, bytes);
    if (event.type === 'stop') this.#end({ reason: 'completed', closeCode: NORMAL_CLOSE });
  }

  #enqueue(event: Job['event'], bytes: number): void {
    this.#queue.push({ event, bytes, arrivedAtMs: this.#clock.nowMs() });
    this.#queuedBytes += bytes;
    const { maxQueuedChunksPerFeed, maxMessageBytes } = this.options.limits;
    if (this.#queue.length > maxQueuedChunksPerFeed || this.#queuedBytes > 2 * maxMessageBytes) {
      this.#valve.full = true;
    }
    if (!this.#pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      this.#queuedBytes -= job.bytes;
      await this.#handle(job).catch((error: unknown) => this.#fail(error));
      if (this.#queue.length === 0) this.#valve.full = false;
    }
    this.#pumping = false;
  }

  async #handle({ event, arrivedAtMs }: Job): Promise<void> {
    if (event.type === 'end') {
      this.#failed = true;
      return this.#finish(this.#ending!);
    }
    const fault = await this.#session.handle(event, arrivedAtMs);
    if (fault) this.#endNow(fault);
  }

  async #finish({ reason, closeCode, fault }: Ending): Promise<void> {
    const { socket, context } = this.options;
    await this.#session.end(reason).catch((error: unknown) => {
      context.observer.feedFailed(this.identity, error);
    });
    if (fault) {
      if (reason !== 'shutdown') context.observer.feedFaulted(this.identity, fault);
      this.#reply(this.#dialect.refused?.(fault));
    }
    socket.close(closeCode, fault ? `${fault.code}: ${fault.message}` : '');
    context.observer.feedClosed(this.identity, closeCode);
    this.#finished();
  }

  /** Once: what fails while the feed is being ended is reported by the end. */
  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.options.context.observer.feedFailed(this.identity, error);
    this.#endNow({
      closeCode: 1011,
      code: errorCodeOf(error),
      message: 'the gateway could not take the audio.',
    });
  }

  /** Ends the feed without the messages that still wait, even if it was to end for another reason. */
  #endNow(fault: FeedFault): void {
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#ending = undefined;
    this.fault(fault);
  }

  /** The first ending counts; what waits is handled before it. */
  #end(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    this.#silence.stop();
    this.#cancelSlowing?.();
    this.#enqueue({ type: 'end' }, 0);
  }

  #reply(text: string | undefined): void {
    if (text !== undefined) this.options.socket.send(text);
  }

  #startHeard(live: boolean): void {
    const { maxMessagesPerSecond, maxReplayMessagesPerSecond } = this.options.limits;
    this.#live = live;
    this.#budget = new MessageBudget(
      live ? maxMessagesPerSecond : maxReplayMessagesPerSecond,
      this.#clock.nowMs(),
    );
    this.#watchIdle();
  }

  #watchIdle(): void {
    this.#silence.stop();
    this.#silence = new SilenceWatch(
      this.#clock,
      () => this.#allowedSilenceMs(),
      (allowedMs) => this.#idle(allowedMs),
    );
  }

  #allowedSilenceMs(): number {
    const { idleTimeoutMs, pauseTimeoutMs } = this.options.limits;
    return this.#session.paused ? pauseTimeoutMs : idleTimeoutMs;
  }

  /** A sender is not silent while its socket is not read. */
  #idle(allowedMs: number): void {
    if (this.#valve.shut) this.#watchIdle();
    else
      this.fault({
        closeCode: 1001,
        code: 'UT_INGEST_IDLE',
        message: `no message came for ${allowedMs} ms.`,
      });
  }

  #startTimedOut(allowedMs: number): void {
    const message = `no start message came within ${allowedMs} ms.`;
    this.fault({ closeCode: 1008, code: 'UT_INGEST_START_TIMEOUT', message });
  }

  #limitRate(): void {
    const waitMs = this.#budget.take(this.#clock.nowMs());
    if (waitMs === 0) return;
    if (this.#live) {
      const message = `more than ${this.#budget.perSecond} messages a second came.`;
      this.fault({ closeCode: 1008, code: 'UT_INGEST_TOO_MANY_MESSAGES', message });
      return;
    }
    this.#valve.fast = true;
    this.#cancelSlowing?.();
    this.#cancelSlowing = this.#clock.setTimer(() => {
      this.#valve.fast = false;
    }, Math.ceil(waitMs));
  }
}
