import type { UndertoneError } from '../../errors.js';
import type { PublicationKind, Told } from './publication.js';

/**
 * Why a publication did not go out. `unacknowledged`: sent, but the connection was lost before Redis answered, so it may
 * have gone out; `refused`: Redis answered with an error.
 */
export type DropReason = 'queue-full' | 'disconnected' | 'unacknowledged' | 'refused';

/** Hears how publishing goes; metrics and logs hang on it. Every method returns at once and never throws. */
export interface RedisObserver {
  connectionChanged(up: boolean): void;
  /** A failure; the same code is told once a minute at most, however often it happens. */
  failed(error: UndertoneError): void;
  /** The files of `redis.tls` can't be used any more; connections are made with what they held before. */
  tlsFilesKept(error: UndertoneError): void;
  /** `state`: a latest state, sent after an outage in place of the messages that were lost; `result`: what was published, as it was told. */
  published(kind: PublicationKind | 'state', result?: Told['value']): void;
  dropped(kind: PublicationKind, reason: DropReason, result: Told['value']): void;
  /** A latest state that Redis took, or did not take. */
  stateWritten(taken: boolean): void;
  /** The oldest call's state was forgotten, because more calls are remembered than the bound allows. */
  stateForgotten(): void;
  /** @param oldestWaitMs from the oldest result of a batch to Redis' answer to the whole batch */
  batchDone(oldestWaitMs: number): void;
  /** How much waits, and how many calls are remembered, after each batch and each drop. */
  usage(queuedPublications: number, callStates: number): void;
}

/** Hears nothing. */
export const SILENT_REDIS_OBSERVER: RedisObserver = {
  connectionChanged() {},
  failed() {},
  tlsFilesKept() {},
  published() {},
  dropped() {},
  stateWritten() {},
  stateForgotten() {},
  batchDone() {},
  usage() {},
};
