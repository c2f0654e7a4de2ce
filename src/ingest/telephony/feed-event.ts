import type { Encoding } from '../../audio/index.js';
import type { ErrorCode } from '../../errors.js';
import type { Leg, Notice } from '../audio-log.js';

/** What a feed says of the call it delivers, whatever its dialect. */
export interface FeedStart {
  readonly type: 'start';
  readonly callId: string;
  readonly tenant?: string;
  readonly queue?: string;
  readonly notice: Notice;
  readonly synthetic: boolean;
  /** False where the sender can be slowed down: a replay. */
  readonly live: boolean;
  readonly legs: readonly Leg[];
  /** Format of each leg's audio; legs are mono, the parser takes interleaved audio apart. */
  readonly encoding: Encoding;
  readonly sampleRateHz: number;
}

/** Why a message had no effect; a label for counting, never what the message held. */
export type IgnoredReason =
  | 'unknown-event'
  | 'dtmf'
  | 'mark'
  | 'after-stop'
  | 'empty-audio'
  | 'audio-in-pause'
  | 'repeated'
  | 'renumbered';

/** The common language of all dialects. Audio is in whole samples. */
export type FeedEvent =
  | FeedStart
  | { readonly type: 'audio'; readonly leg: Leg; readonly bytes: Uint8Array }
  | { readonly type: 'lost'; readonly leg: Leg; readonly durationMs: number }
  | { readonly type: 'pause' }
  | { readonly type: 'resume'; readonly durationMs: number }
  | { readonly type: 'stop' }
  | { readonly type: 'ignored'; readonly reason: IgnoredReason };

/** The feed broke its protocol: the connection is closed with this. */
export interface FeedFault {
  /** WebSocket close code (RFC 6455 §7.4). */
  readonly closeCode: 1001 | 1003 | 1007 | 1008 | 1009 | 1011 | 1013;
  readonly code: ErrorCode;
  /** What was found, for the integrator; never audio, digits or numbers of phones. */
  readonly message: string;
}

/** What one message means. */
export type FeedStep = readonly FeedEvent[] | FeedFault;

export function isFault(step: FeedStep): step is FeedFault {
  return 'closeCode' in step;
}

/**
 * Understands one connection of one dialect. Pure: no socket, no clock. Never throws for anything a sender can send;
 * after a fault the parser must not be fed again.
 */
export interface FeedParser {
  text(message: string): FeedStep;
  binary(bytes: Uint8Array): FeedStep;
}

/** Longest loss or pause that a sender may state, 10 minutes: more is a mistake, not a hole. */
export const MAX_STATED_MS = 600_000;
