import type { ConsoleEvent } from '../events.js';
import { ApiFailure, api } from './api.js';
import type { Store } from './store.js';

const RETRY_MS = 2000;
/** The server speaks at least each 10 s; after this much silence the connection is taken for dead. */
const SILENCE_MS = 25_000;
/** For each call of the list: two minutes at the default hop. The selected call is asked for whole. */
const NEWEST_POINTS = 240;

const KINDS = ['point', 'hole', 'alert', 'summary', 'erased'] as const;

/**
 * Keeps the store in step with the server: reads the state once, then follows the event stream from exactly there.
 * The browser resumes a broken stream by itself; where the server no longer holds what was missed, all is read anew.
 */
export class Connection {
  readonly #store: Store;
  #stream: EventSource | undefined;
  #lastHeardMs = 0;

  constructor(store: Store) {
    this.#store = store;
    setInterval(() => this.#checkSilence(), 5000);
  }

  /** Reads everything and follows. Tries again by itself until it succeeds or a token is needed. */
  async open(): Promise<void> {
    this.#stream?.close();
    this.#stream = undefined;
    try {
      const session = await api.session();
      this.#store.tokenRequired = session.tokenRequired;
      this.#store.microphoneFeed = session.microphoneFeed;
      if (session.signedIn) this.#follow(await this.#readAll());
      else this.#store.setConnection('signed-out');
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) this.#store.setConnection('signed-out');
      else this.#retry();
    }
  }

  /** Reads every point that the server holds of one call. */
  async readCall(callId: string, newest?: number): Promise<void> {
    const { points, holes } = await api.points(callId, newest);
    for (const value of points) this.#store.apply({ kind: 'point', value });
    for (const value of holes) this.#store.apply({ kind: 'hole', value });
  }

  close(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }

  /** @returns the id of the event after which the stream is to begin. */
  async #readAll(): Promise<string> {
    const { calls, eventId } = await api.calls();
    const { alerts } = await api.alerts();
    this.#store.clear();
    for (const value of calls.toReversed()) this.#store.apply({ kind: 'summary', value });
    for (const value of alerts.toReversed()) this.#store.apply({ kind: 'alert', value });
    for (const { callId } of calls) await this.readCall(callId, NEWEST_POINTS).catch(ignoreGone);
    return eventId;
  }

  #follow(eventId: string): void {
    const stream = new EventSource(`api/events?lastEventId=${encodeURIComponent(eventId)}`);
    this.#stream = stream;
    this.#lastHeardMs = Date.now();
    for (const kind of KINDS) this.#on(kind, (value) => this.#store.apply({ kind, value } as ConsoleEvent));
    this.#on('hello', () => this.#store.setConnection('live'));
    this.#on('heartbeat', () => {});
    this.#on('reset', () => void this.open());
    stream.onerror = () => this.#broken(stream);
  }

  #on(name: string, take: (value: unknown) => void): void {
    this.#stream?.addEventListener(name, (message: MessageEvent<string>) => {
      this.#lastHeardMs = Date.now();
      take(JSON.parse(message.data));
    });
  }

  #broken(stream: EventSource): void {
    if (stream !== this.#stream) return;
    this.#store.setConnection('lost');
    if (stream.readyState === EventSource.CLOSED) this.#retry();
  }

  #retry(): void {
    this.#store.setConnection('lost');
    setTimeout(() => void this.open(), RETRY_MS);
  }

  #checkSilence(): void {
    const isOpen = this.#stream?.readyState === EventSource.OPEN;
    if (isOpen && Date.now() - this.#lastHeardMs > SILENCE_MS) void this.open();
  }
}

/** A call may leave the server between two requests. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ApiFailure && error.status === 404)) throw error;
}
