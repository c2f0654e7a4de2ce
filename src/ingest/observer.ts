import type { CallEnded, Leg } from './audio-log.js';
import type { DialectName } from './dialects.js';
import type { RefusalCode } from './feed-auth.js';
import type { FeedFault, IgnoredReason } from './telephony/feed-event.js';

/** Which feed something is said of; ids are for logs, never for metric labels. */
export interface FeedIdentity {
  readonly dialect: DialectName;
  readonly feedId: string;
  readonly tenant: string | undefined;
  /** What looks like a phone number is masked. */
  readonly callId: string | undefined;
}

/** How a feed's connection ended (RFC 6455 §7.4): as it should, by breaking, or for a fault. */
export type CloseCode = 1000 | 1006 | FeedFault['closeCode'];

/** Hears what happens at the gateway; telemetry turns it into metrics and log lines. No call may throw. */
export interface IngestObserver {
  feedOpened(feed: FeedIdentity): void;
  feedClosed(feed: FeedIdentity, closeCode: CloseCode): void;
  /** A connection was refused before it became a WebSocket. */
  upgradeRefused(dialect: DialectName, httpStatus: number, code: RefusalCode): void;
  /** A feed was ended because of what it sent, or failed to send. */
  feedFaulted(feed: FeedIdentity, fault: FeedFault): void;
  /** Something unforeseen failed while a feed was served; the feed is ended with 1011. */
  feedFailed(feed: FeedIdentity, error: unknown): void;
  message(dialect: DialectName, bytes: number): void;
  ignored(dialect: DialectName, reason: IgnoredReason): void;
  /** Audio taken in, measured in media time, before the leg policy. */
  audioHeard(leg: Leg, durationMs: number): void;
  /** Audio dropped by the leg or notice policy. */
  audioDropped(leg: Leg, durationMs: number): void;
  audioLost(leg: Leg, durationMs: number): void;
  /** A socket is not read for a while: the bus is full, or a replay is too fast. */
  socketPaused(dialect: DialectName): void;
  callStarted(callId: string, tenant: string): void;
  callEnded(callId: string, tenant: string, reason: CallEnded['reason']): void;
  /** The gateway is stopped; another one may go on with the call. */
  callLeft(callId: string, tenant: string): void;
}

export const SILENT_INGEST_OBSERVER: IngestObserver = {
  feedOpened: () => undefined,
  feedClosed: () => undefined,
  upgradeRefused: () => undefined,
  feedFaulted: () => undefined,
  feedFailed: () => undefined,
  message: () => undefined,
  ignored: () => undefined,
  audioHeard: () => undefined,
  audioDropped: () => undefined,
  audioLost: () => undefined,
  socketPaused: () => undefined,
  callStarted: () => undefined,
  callEnded: () => undefined,
  callLeft: () => undefined,
};
