import type { Encoding } from '../audio/index.js';

/** One party's audio of a call. A `mixed` leg holds both voices. */
export const LEGS = ['customer', 'agent', 'mixed'] as const;
export type Leg = (typeof LEGS)[number];

/** Whether the people on the line were told that emotion is inferred (EU AI Act Art. 50(3)). */
export type Notice = 'given' | 'not-given' | 'unknown';

interface OfCall {
  readonly callId: string;
  readonly tenant: string;
  /** The connection that delivered this; a call may have several, one after another or one a leg. */
  readonly feedId: string;
}

export interface CallStarted extends OfCall {
  readonly type: 'call.started';
  /** True for a feed that cannot be slowed (a phone call); false for a replay that may wait. */
  readonly live: boolean;
  readonly notice: Notice;
  /** Legs that this feed delivers, known before its first audio; talk, silence and overlap wait for all of them. */
  readonly legs: readonly Leg[];
  /** Dialect that carried it: `twilio`, `generic`. */
  readonly feed: string;
  /**
   * The feed with whose first sample the media time of this feed began: itself, or one before it at the same gateway. Where it is another
   * than that of the feed which brought a leg so far, the call was heard by another gateway, and goes on here.
   */
  readonly firstFeed?: string;
  /** For routing and alert rules; never a phone number. */
  readonly queue?: string;
  /** True where the demo or a test made the voices. */
  readonly synthetic?: boolean;
}

/** Encoded audio of one leg, a message or several in a row, bytes as sent (interleaved if `channels` > 1, which are then mixed down). */
export interface AudioChunk extends OfCall {
  readonly type: 'audio.chunk';
  readonly leg: Leg;
  readonly encoding: Encoding;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Counts chunks per leg of a feed from 0. */
  readonly seq: number;
  /**
   * Media position of the chunk's first sample, in samples at `sampleRateHz` since the leg began: gaps included, and the
   * `durationMs` of every pause.
   */
  readonly offsetSamples: number;
  readonly bytes: Uint8Array;
}

/** What is kept of a leg whose audio was dropped at the gateway: voiced or not, a block of {@link VOICE_BLOCK_MS} each. */
export interface VoiceActivityRecord extends OfCall {
  readonly type: 'voice.activity';
  readonly leg: Leg;
  /** Index of the first block since the leg began. */
  readonly firstBlock: number;
  readonly voiced: readonly boolean[];
}

/** Audio known to be lost: media time goes on, nothing is heard. */
export interface AudioLost extends OfCall {
  readonly type: 'audio.lost';
  readonly leg: Leg;
  /** Media time at which the hole begins, and how long it is; the next chunk's offset lies behind it. */
  readonly offsetMs: number;
  readonly durationMs: number;
}

/** Audio withheld on purpose (PCI). Until `call.resumed` nothing is heard; `durationMs` where the feed knows it. */
export interface CallPaused extends OfCall {
  readonly type: 'call.paused';
}
export interface CallResumed extends OfCall {
  readonly type: 'call.resumed';
  /** Media time that passed during the pause, 0 where the feed's clock stood still. */
  readonly durationMs: number;
}

export interface CallEnded extends OfCall {
  readonly type: 'call.ended';
  readonly reason: 'completed' | 'idle' | 'feed-lost' | 'error' | 'shutdown';
}

/** The call is to be forgotten (GDPR Art. 17): what was published of it is taken back, later audio of it refused. */
export interface CallErased extends OfCall {
  readonly type: 'call.erased';
}

/** Everything that stands in the audio log (design §6, topic `undertone.audio.v1`). */
export type AudioLogRecord =
  | CallStarted
  | AudioChunk
  | VoiceActivityRecord
  | AudioLost
  | CallPaused
  | CallResumed
  | CallEnded
  | CallErased;

export { VOICE_BLOCK_MS } from '../audio/index.js';
