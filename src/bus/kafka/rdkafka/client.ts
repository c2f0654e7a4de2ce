import { UndertoneError } from '../../../errors.js';
import type { KafkaClientOptions } from '../client-options.js';
import { createTokenSource } from '../oauth.js';
import { areAllDown, fromRdkafka } from './errors.js';
import type { Callback, NativeClient, NativeError, NativeLog } from './node-rdkafka.js';

/** How long one question to the brokers may take; each holds a thread of libuv's pool for so long. */
export const REQUEST_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const CONNECT_POLL_MS = 50;
const TOKEN_CHECK_MS = 10_000;

/** A callback interface as a promise that rejects with an UndertoneError. */
export function ask<T>(place: string, question: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const done: Callback<T> = (error, value) =>
      error === null || error === undefined ? resolve(value) : reject(fromRdkafka(error, place));
    try {
      question(done);
    } catch (error) {
      reject(fromRdkafka(error, place));
    }
  });
}

/** Opens clients: with the token that they need, and with an error that says why where that fails. */
export class Connector {
  readonly #options: KafkaClientOptions;
  readonly #token: (() => Promise<{ readonly value: string }>) | undefined;
  readonly #clients = new Set<NativeClient>();
  #renewal: NodeJS.Timeout | undefined;

  constructor(options: KafkaClientOptions) {
    this.#options = options;
    if (options.sasl?.mechanism === 'OAUTHBEARER') this.#token = createTokenSource(options.sasl);
  }

  /**
   * Resolves when a broker has answered. A refusal of the credentials, or of all connections, ends the attempt at once,
   * while librdkafka would go on trying.
   * @param takeEvents has the client hand over what librdkafka has to say.
   */
  async open(client: NativeClient, takeEvents: () => void): Promise<void> {
    client.on('event.log', (entry) => this.#options.onLog(toLogEntry(entry)));
    const token = await this.#token?.();
    if (token !== undefined) client.setOauthBearerToken(token.value);
    const place = this.#options.brokers.join(',');
    const refused = new Promise<never>((_, reject) => {
      client.on('event.error', (error: NativeError) => {
        const known = fromRdkafka(error, place);
        if (known.code === 'UT_KAFKA_AUTHENTICATION' || areAllDown(error)) reject(known);
      });
    });
    refused.catch(() => undefined);
    const polling = setInterval(() => client.isConnected() && takeEvents(), CONNECT_POLL_MS);
    const question = { allTopics: false, timeout: CONNECT_TIMEOUT_MS };
    try {
      await Promise.race([ask(place, (done) => client.connect(question, done)), refused]);
    } finally {
      clearInterval(polling);
    }
    this.#keepToken(client);
  }

  /** librdkafka goes on sending a token that has expired, until it is given another. */
  #keepToken(client: NativeClient): void {
    if (this.#token === undefined) return;
    this.#clients.add(client);
    client.on('disconnected', () => this.#forget(client));
    this.#renewal ??= setInterval(() => void this.#renew(), TOKEN_CHECK_MS);
    this.#renewal.unref();
  }

  #forget(client: NativeClient): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#renewal);
    this.#renewal = undefined;
  }

  async #renew(): Promise<void> {
    try {
      const token = await this.#token?.();
      for (const client of this.#clients) if (token !== undefined) client.setOauthBearerToken(token.value);
    } catch (error) {
      const message = error instanceof UndertoneError ? error.message : String(error);
      this.#options.onLog({ level: 'error', message, fields: {} });
    }
  }
}

function toLogEntry({ severity, fac, message }: NativeLog) {
  const level = severity <= 3 ? ('error' as const) : severity <= 4 ? ('warn' as const) : ('info' as const);
  return { level, message, fields: { part: fac } };
}
