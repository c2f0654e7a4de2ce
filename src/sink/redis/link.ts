import type { CancelTimer, Clock } from '../../clock.js';
import { UndertoneError } from '../../errors.js';
import { backOffMs, type RedisClient } from './client.js';
import { redisError } from './errors.js';

export interface LinkListener {
  changed(up: boolean): void;
  failed(error: UndertoneError): void;
}

export interface LinkOptions {
  readonly client: RedisClient;
  /** For people: where the client connects to. */
  readonly place: string;
  readonly readyTimeoutMs: number;
  readonly clock: Clock;
  readonly listener: LinkListener;
}

/**
 * Whether Redis can be used now. The client reconnects by itself; this starts it again where it gave up. Always holds:
 * `isUp` only between `changed(true)` and `changed(false)`, which alternate.
 */
export class RedisLink {
  readonly #options: LinkOptions;
  #isUp = false;
  #isClosing = false;
  #attempts = 0;
  #cancelTimer: CancelTimer = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
    const { client } = options;
    const onFailure = (error: unknown): void => this.#fail(error);
    client.on('connect', () => this.#expectReady());
    client.on('ready', () => this.#set(true));
    client.on('close', () => this.#set(false));
    client.on('end', () => this.#beginAgain());
    for (const event of ['error', 'node error', 'sentinelError']) client.on(event, onFailure);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  start(): void {
    // What went wrong is told by the client's events.
    this.#options.client.connect().catch(() => undefined);
  }

  close(): void {
    this.#isClosing = true;
    this.#cancelTimer();
    this.#options.client.disconnect();
    this.#set(false);
  }

  #set(up: boolean): void {
    this.#cancelTimer();
    if (up === this.#isUp) return;
    this.#isUp = up;
    if (up) this.#attempts = 0;
    this.#options.listener.changed(up);
  }

  #fail(error: unknown): void {
    if (!this.#isClosing) this.#options.listener.failed(redisError(error, this.#options.place));
  }

  /** A server that loads its data takes connections, and says so only to those who ask. */
  #expectReady(): void {
    const { clock, readyTimeoutMs, place, listener } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = clock.setTimer(() => {
      const detail = `It is connected, but for ${readyTimeoutMs} ms not ready.`;
      listener.failed(new UndertoneError('UT_REDIS_NOT_READY', detail, { place, retriable: true }));
    }, readyTimeoutMs);
  }

  #beginAgain(): void {
    this.#set(false);
    if (this.#isClosing) return;
    this.#cancelTimer = this.#options.clock.setTimer(() => this.start(), backOffMs(++this.#attempts));
  }
}
