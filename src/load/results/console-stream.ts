import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock as clock } from '../../clock.js';
import { UndertoneError } from '../../errors.js';
import { windowResultOf } from './result-event.js';
import type { OnResult, ResultStream } from './result-stream.js';
import { type ServerSentEvent, SseText } from './sse-text.js';

const RETRY_MS = 500;
const ANSWER_MS = 5000;

/**
 * The event stream of a console (`/api/events`). A connection that breaks is resumed after the last event that was
 * seen; where the console no longer holds what came between, that is an interruption.
 */
export class ConsoleStream implements ResultStream {
  readonly place: string;
  interruptions = 0;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #onResult: OnResult;
  readonly #stop = new AbortController();
  #lastId: string | undefined;
  #reading: Promise<void> = Promise.resolve();

  /** @param origin `http://console:8080` */
  constructor(origin: string, token: string | undefined, onResult: OnResult) {
    this.place = new URL('/api/events', origin).href;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#onResult = onResult;
  }

  async start(): Promise<void> {
    const body = await this.#connect();
    this.#reading = this.#read(body);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #connect(): Promise<ReadableStream<Uint8Array>> {
    const resume = this.#lastId === undefined ? {} : { 'last-event-id': this.#lastId };
    // The time-out is for the answer alone: the stream itself has no end.
    const answer = new AbortController();
    const late = setTimeout(() => answer.abort(new Error(`no answer in ${ANSWER_MS} ms`)), ANSWER_MS);
    const signal = AbortSignal.any([this.#stop.signal, answer.signal]);
    try {
      const response = await fetch(this.place, { headers: { ...this.#headers, ...resume }, signal });
      if (response.ok && response.body !== null) return response.body;
      throw new Error(`HTTP ${response.status}: ${(await response.text()).slice(0, 300)}`);
    } catch (cause) {
      throw new UndertoneError('UT_LOAD_RESULTS', `${reasonOf(cause)}.`, { place: this.place, cause });
    } finally {
      clearTimeout(late);
    }
  }

  async #read(first: ReadableStream<Uint8Array>): Promise<void> {
    let body: ReadableStream<Uint8Array> | undefined = first;
    while (!this.#stop.signal.aborted) {
      if (body !== undefined) await this.#consume(body).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      await sleep(RETRY_MS);
      body = await this.#connect().catch(() => undefined);
    }
  }

  async #consume(body: ReadableStream<Uint8Array>): Promise<void> {
    const text = new SseText();
    const decoder = new TextDecoder();
    for await (const bytes of body) {
      const seenAtMs = clock.nowMs();
      for (const event of text.push(decoder.decode(bytes, { stream: true }))) this.#take(event, seenAtMs);
    }
  }

  #take({ id, name, data }: ServerSentEvent, seenAtMs: number): void {
    if (id !== undefined) this.#lastId = id;
    if (name === 'reset') this.interruptions++;
    if (name === 'point' || name === 'hole') this.#onResult(windowResultOf(data), seenAtMs);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
