import type { Redis } from 'ioredis';
import type { CancelTimer, Clock } from '../clock.js';
import type { RedisConfig } from '../config/index.js';
import type { UndertoneError } from '../errors.js';
import {
  backOffMs,
  createSubscriber,
  RedisNames,
  type RedisTls,
  redisError,
  redisPlace,
} from '../sink/index.js';

/** How often a quiet connection is asked whether it is alive. */
const PING_EVERY_MS = 5000;

export interface FeedListener {
  /** From now on every message is heard; what was published before is to be looked up. */
  subscribed(): void;
  message(channel: string, text: string): void;
  /** Messages may be missed from now on. */
  lost(): void;
  failed(error: UndertoneError): void;
}

/**
 * A subscription to all channels that comes back whenever it is lost, in a cluster to the next node. Always holds: one
 * connection at most; `subscribed` and `lost` alternate.
 */
export class RedisFeed {
  readonly #config: RedisConfig;
  readonly #tls: RedisTls;
  readonly #clock: Clock;
  readonly #listener: FeedListener;
  #redis: Redis | null = null;
  #isSubscribed = false;
  #isClosed = false;
  #attempts = 0;
  #failuresInARow = 0;
  #cancelTimer: CancelTimer = () => {};

  constructor(config: RedisConfig, tls: RedisTls, clock: Clock, listener: FeedListener) {
    this.#config = config;
    this.#tls = tls;
    this.#clock = clock;
    this.#listener = listener;
  }

  start(): void {
    const redis = createSubscriber(this.#config, 'undertone-console-feed', this.#tls, this.#attempts++);
    this.#redis = redis;
    redis.on('error', (error: unknown) => this.#fail(error));
    redis.on('pmessage', (_pattern: string, channel: string, text: string) =>
      this.#listener.message(channel, text),
    );
    redis.once('ready', () => void this.#subscribe(redis));
    redis.once('end', () => this.#beginAgain());
    redis.connect().catch(() => undefined);
  }

  /** Resolves when all messages that were published before have been handed on. */
  async ping(): Promise<void> {
    if (this.#isSubscribed) await this.#redis?.ping().catch((error: unknown) => this.#fail(error));
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#redis?.disconnect();
    this.#lose();
  }

  async #subscribe(redis: Redis): Promise<void> {
    try {
      await redis.psubscribe(...new RedisNames(this.#config.keyPrefix).channelPatterns);
    } catch (error) {
      this.#fail(error);
      redis.disconnect();
      return;
    }
    this.#isSubscribed = true;
    this.#failuresInARow = 0;
    this.#keepAlive();
    this.#listener.subscribed();
  }

  /** An answer that is overdue ends the connection. */
  #keepAlive(): void {
    this.#cancelTimer = this.#clock.setTimer(() => {
      void this.ping();
      this.#keepAlive();
    }, PING_EVERY_MS);
  }

  #beginAgain(): void {
    this.#cancelTimer();
    this.#lose();
    if (this.#isClosed) return;
    this.#cancelTimer = this.#clock.setTimer(() => this.start(), backOffMs(++this.#failuresInARow));
  }

  #lose(): void {
    if (!this.#isSubscribed) return;
    this.#isSubscribed = false;
    this.#listener.lost();
  }

  #fail(error: unknown): void {
    if (!this.#isClosed) this.#listener.failed(redisError(error, redisPlace(this.#config)));
  }
}
