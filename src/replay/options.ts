import type { Encoding } from '../audio/index.js';
import type { Clock } from '../clock.js';
import type { DialectName, Leg, Notice } from '../ingest/index.js';

/** What is played, and how it is sent. */
export interface SenderOptions {
  readonly files: readonly string[];
  readonly feed: DialectName;
  /** Gateway: `ws://127.0.0.1:8080`. Without a path, that of the dialect is added. */
  readonly url: string;
  /** How many times faster than the recording; 0 is as fast as the gateway takes it. Default 1. */
  readonly speed?: number;
  /** Who speaks on the channels, in order. Default: customer, or customer and agent for stereo. */
  readonly legs?: readonly Leg[];
  /** Encoding of the generic feed, at the file's own rate. Default `s16le`. Twilio's is always µ-law at 8 kHz. */
  readonly encoding?: Encoding;
  /** Generic feed: cuts the bytes into messages of random sizes, the same for the same seed. Default: 20 ms each. */
  readonly randomChunks?: { readonly seed: number; readonly maxBytes: number };
  readonly tenant?: string;
  readonly queue?: string;
  readonly notice?: Notice;
  /** Generic feed: whether it is a phone call, which the gateway may not slow down. Default: at speed 1 it is. */
  readonly live?: boolean;
  readonly synthetic?: boolean;
  readonly bearerToken?: string;
  /** Signs the connection as Twilio does. */
  readonly twilioAuthToken?: string;
  /** Address that the gateway believes it has, where a proxy stands before it; it is what Twilio signs. */
  readonly publicUrl?: string;
  /** How long a gateway may take to accept a call. Default 10 000. */
  readonly acceptTimeoutMs?: number;
  readonly clock?: Clock;
}

export interface ReplayOptions extends SenderOptions {
  /** Calls at once from each file, each with an id of its own. Default 1. */
  readonly calls?: number;
  /** Calls begin spread evenly over so long, as real ones do. Default 500. */
  readonly spreadMs?: number;
  /** Beginning of the call ids, to which numbers are added. Default: `replay` and a random word. */
  readonly callIdPrefix?: string;
  /** Stops the replay: calls under way say stop and end in good order. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

export interface ReplayProgress {
  readonly calls: number;
  readonly callsDone: number;
  /** Audio sent and to be sent, all calls together. */
  readonly sentMs: number;
  readonly totalMs: number;
}

export interface CallResult {
  readonly callId: string;
  readonly file: string;
  readonly messages: number;
  readonly audioMs: number;
  readonly wallMs: number;
  /** How far the sender fell behind its schedule at worst. */
  readonly latestMs: number;
  /** Why the call did not end as it should. */
  readonly error?: Error;
}
