import type { UndertoneError } from '../../errors.js';
import type { RedisObserver } from './observer.js';

const SAY_AGAIN_AFTER_MS = 60_000;

/** Tells failures on, each code once a minute at most: an outage is one line of the log, not one a message. */
export class FailureReporter {
  readonly #observer: Pick<RedisObserver, 'failed'>;
  readonly #nowMs: () => number;
  readonly #toldAtMs = new Map<string, number>();

  constructor(observer: Pick<RedisObserver, 'failed'>, nowMs: () => number) {
    this.#observer = observer;
    this.#nowMs = nowMs;
  }

  report(error: UndertoneError): void {
    const nowMs = this.#nowMs();
    const lastMs = this.#toldAtMs.get(error.code);
    if (lastMs !== undefined && nowMs - lastMs < SAY_AGAIN_AFTER_MS) return;
    this.#toldAtMs.set(error.code, nowMs);
    this.#observer.failed(error);
  }
}
