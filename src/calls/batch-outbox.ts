import type { ResultRecord } from '../bus/index.js';
import type { Outbox } from './ports.js';

/** Results that are committed in one step. */
export interface OutboxContent {
  readonly results: readonly ResultRecord[];
  /** To be called once they stand in the log. */
  announce(): void;
}

/**
 * What makes a result the same result when it is made again: source and id of its CloudEvent, or where the dead
 * letter stood.
 */
export function identityOf(headers: Readonly<Record<string, string>>): string {
  return headers['source-position'] ?? `${headers.ce_source} ${headers.ce_id}`;
}

/** Collects a partition's results until they are committed; leaves out those that a former owner has committed. */
export class BatchOutbox implements Outbox {
  #results: ResultRecord[] = [];
  #listeners: (() => void)[] = [];
  #written: ReadonlySet<string> = NONE;

  get size(): number {
    return this.#results.length;
  }

  /** From now on results of these identities are left out: they stand in the log. */
  leaveOut(written: ReadonlySet<string>): void {
    this.#written = written;
  }

  add(result: ResultRecord, onWritten: () => void): void {
    if (this.#written.size > 0 && this.#written.has(identityOf(result.headers))) return;
    this.#results.push(result);
    this.#listeners.push(onWritten);
  }

  /** Empties it. */
  take(): OutboxContent {
    const results = this.#results;
    const listeners = this.#listeners;
    this.#results = [];
    this.#listeners = [];
    return {
      results,
      announce() {
        for (const listener of listeners) listener();
      },
    };
  }
}

const NONE: ReadonlySet<string> = new Set();
