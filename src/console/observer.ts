import type { UndertoneError } from '../errors.js';
import type { ConsoleEvent } from './events.js';

/** Why an event stream ended. */
export type StreamEnd = 'reader-left' | 'too-slow' | 'shutdown';

/** Hears what happens in the console; metrics and logs hang on it. Every method returns at once and never throws. */
export interface ConsoleObserver {
  eventApplied(kind: ConsoleEvent['kind']): void;
  /** A record of a result topic that was skipped because it is not a valid event. */
  eventRejected(error: UndertoneError): void;
  /** Whether the console hears of what happens now; between `false` and `true` it shows what was. */
  sourceChanged(up: boolean): void;
  /** Why it does not; the same code once a minute at most. */
  sourceFailed(error: UndertoneError): void;
  /** The files of `redis.tls` can't be used any more; connections are made with what they held before. */
  tlsFilesKept(error: UndertoneError): void;
  streamOpened(): void;
  streamEnded(reason: StreamEnd): void;
  /** A request without a valid token, or from a host or an origin that is not served. */
  requestRefused(code: UndertoneError['code']): void;
  /** An unexpected failure that the reader of the API was only told the code of. */
  failed(error: unknown): void;
}

/** Hears nothing. */
export const SILENT_CONSOLE_OBSERVER: ConsoleObserver = {
  eventApplied() {},
  eventRejected() {},
  sourceChanged() {},
  sourceFailed() {},
  tlsFilesKept() {},
  streamOpened() {},
  streamEnded() {},
  requestRefused() {},
  failed() {},
};
