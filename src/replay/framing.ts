import type { Leg, Notice } from '../ingest/index.js';

/** A recording as it is to be sent: one array of samples a leg, all of equal length. */
export interface Recording {
  readonly legs: readonly Leg[];
  readonly channels: readonly Float32Array[];
  readonly sampleRateHz: number;
}

/** What the sender says of a call. */
export interface CallDescription {
  readonly callId: string;
  readonly tenant?: string;
  readonly queue?: string;
  readonly notice?: Notice;
  readonly synthetic?: boolean;
  /** Whether the gateway may slow the sender down; the Twilio dialect has no word for it. */
  readonly live: boolean;
}

export type Message = string | Uint8Array;

/** Messages that are sent at once, when the audio in them has been heard. */
export interface Frame {
  readonly endMs: number;
  readonly messages: readonly Message[];
}

/** One recording in one dialect. Frames can be asked for again and again. */
export interface Framing {
  readonly opening: (call: CallDescription) => readonly Message[];
  /** Whether the gateway answers the opening; audio then waits for the answer. */
  readonly isAnswered: boolean;
  readonly frames: (call: CallDescription) => Iterable<Frame>;
  readonly closing: (call: CallDescription) => readonly Message[];
}

/** Audio in one message, as most senders do it. */
export const FRAME_MS = 20;

/** The optional parts of a call's description that are there. */
export function statedFields({ tenant, queue, notice }: CallDescription): Record<string, string> {
  const fields = { tenant, queue, notice };
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}
