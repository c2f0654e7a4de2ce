import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { RedisConfig } from '../config/index.js';
import { UndertoneError } from '../errors.js';
import {
  backOffMs,
  FailureReporter,
  type RedisTls,
  redisError,
  redisPlace,
  redisTls,
} from '../sink/index.js';
import type { CallSummary } from '../timeline/index.js';
import { type ConsoleEvent, eventsOfMessage, eventsOfStateText } from './events.js';
import type { ConsoleObserver } from './observer.js';
import { RedisFeed } from './redis-feed.js';
import { readStates } from './redis-states.js';
import type { ResultSource } from './result-source.js';

/** Messages kept while the states are read; past it the oldest go, whose content the states have. */
const MAX_HELD = 20_000;

export interface RedisSourceOptions {
  readonly config: RedisConfig;
  readonly clock: Clock;
  readonly observer: ConsoleObserver;
  readonly onEvent: (event: ConsoleEvent) => void;
}

/**
 * Hears of calls through Redis: after each (re)connection the latest states, then the messages that came since it
 * subscribed, then messages as they come. So nothing is shown that is older than what was shown before; of the time
 * without connection only the latest state is known.
 */
export class RedisSource implements ResultSource {
  readonly #options: RedisSourceOptions;
  readonly #tls: RedisTls;
  readonly #feed: RedisFeed;
  readonly #reporter: FailureReporter;
  /** Messages that wait for the states; null while none are read. */
  #held: [channel: string, text: string][] | null = null;
  #synchronising: Promise<void> = Promise.resolve();
  /** Ends when the connection is lost that the states are read for. */
  #connection = new AbortController();
  #isClosed = false;

  constructor(options: RedisSourceOptions) {
    const { config, clock, observer } = options;
    this.#options = options;
    this.#tls = redisTls(config, (error) => observer.tlsFilesKept(error));
    const failed = (error: UndertoneError): void => observer.sourceFailed(error);
    this.#reporter = new FailureReporter({ failed }, () => clock.nowMs());
    this.#feed = new RedisFeed(config, this.#tls, clock, {
      subscribed: () => {
        this.#connection = new AbortController();
        const { signal } = this.#connection;
        this.#synchronising = this.#synchronising.then(() => this.#synchronise(signal));
      },
      message: (channel, text) => this.#take(channel, text),
      lost: () => {
        this.#connection.abort();
        observer.sourceChanged(false);
      },
      failed: (error) => this.#reporter.report(error),
    });
  }

  /** Begins to connect; does not wait for Redis, which may be away. */
  async start(): Promise<void> {
    this.#feed.start();
  }

  catchUp(): Promise<void> {
    return this.#feed.ping();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#feed.close();
    await this.#synchronising;
  }

  /** Reads the states, again and again until it succeeds or the connection is lost. */
  async #synchronise(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted && !(await this.#readStates(signal)); attempt++) {
      await pause(backOffMs(attempt), undefined, { signal, ref: false }).catch(() => undefined);
    }
    if (!signal.aborted) this.#options.observer.sourceChanged(true);
  }

  /** Messages that come meanwhile are held back: some of them are older than the states. */
  async #readStates(signal: AbortSignal): Promise<boolean> {
    const { config } = this.#options;
    const newest = new Map<string, CallSummary>();
    this.#held = [];
    const failure = await readStates(
      config,
      this.#tls,
      {
        state: (text, key) => this.#applyState(text, key, newest),
        erased: (callId) => this.#apply({ kind: 'erased', value: { callId } }),
      },
      signal,
    ).then(
      () => null,
      (error: unknown) => redisError(error, redisPlace(config)),
    );
    const held = this.#held;
    this.#held = null;
    for (const [channel, text] of held) this.#hear(channel, text, newest);
    if (failure !== null && !signal.aborted) this.#reporter.report(failure);
    return failure === null;
  }

  #applyState(text: string, key: string, newest: Map<string, CallSummary>): void {
    this.#unlessBad(() => {
      for (const event of eventsOfStateText(text, key)) {
        if (event.kind === 'summary') newest.set(event.value.callId, event.value);
        this.#apply(event);
      }
    });
  }

  #take(channel: string, text: string): void {
    if (this.#held === null) this.#hear(channel, text);
    else if (this.#held.push([channel, text]) > MAX_HELD) this.#held.shift();
  }

  /** @param newest summaries that are shown already: an older one of the same call is not */
  #hear(channel: string, text: string, newest?: ReadonlyMap<string, CallSummary>): void {
    this.#unlessBad(() => {
      for (const event of eventsOfMessage(text, channel)) if (!isOvertaken(event, newest)) this.#apply(event);
    });
  }

  #apply(event: ConsoleEvent): void {
    if (!this.#isClosed) this.#options.onEvent(event);
  }

  #unlessBad(take: () => void): void {
    try {
      take();
    } catch (error) {
      const { observer } = this.#options;
      if (error instanceof UndertoneError) observer.eventRejected(error);
      else observer.failed(error);
    }
  }
}

function isOvertaken(event: ConsoleEvent, newest?: ReadonlyMap<string, CallSummary>): boolean {
  const shown = newest?.get(event.value.callId);
  if (event.kind !== 'summary' || shown?.startedAt !== event.value.startedAt) return false;
  return shown.state === 'ended' || shown.durationMs > event.value.durationMs;
}
