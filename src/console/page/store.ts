import type { ConsoleEvent } from '../events.js';
import { DEFAULT_CONSOLE_LIMITS } from '../limits.js';
import { LiveState } from '../live-state.js';

/** Where the page stands with its server. */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'signed-out';

/**
 * All that the page shows. Changes are told to the listeners at most once each {@link PAINT_MS}, so a hundred busy
 * calls cost no more drawing than one.
 */
export class Store {
  #live = new LiveState(DEFAULT_CONSOLE_LIMITS);
  #connection: ConnectionState = 'connecting';
  #version = 0;
  #isScheduled = false;
  readonly #listeners = new Set<() => void>();
  tokenRequired = false;
  microphoneFeed: string | null = null;

  get live(): LiveState {
    return this.#live;
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  setConnection(state: ConnectionState): void {
    this.#connection = state;
    this.changed();
  }

  apply(event: ConsoleEvent): void {
    this.#live.apply(event, Date.now());
    this.changed();
  }

  /** Forgets every call: the server is asked for all of them anew. */
  clear(): void {
    this.#live = new LiveState(DEFAULT_CONSOLE_LIMITS);
    this.changed();
  }

  changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => this.#tell(), PAINT_MS);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    this.#isScheduled = false;
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}

const PAINT_MS = 120;
