/** What a load test needs of a point or a hole on the timeline of a call. Media times in ms. */
export interface WindowResult {
  readonly callId: string;
  readonly leg: string;
  /** First and last window that this result stands for; of a point the same. */
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Why nobody classified them; null for a point. */
  readonly hole: string | null;
  /** The one window, shorter than the others, of a leg that ended early. */
  readonly partial: boolean;
}

interface Published {
  readonly callId: string;
  readonly leg: string;
  readonly windowIndex?: number;
  readonly fromWindowIndex?: number;
  readonly toWindowIndex?: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly reason?: string;
  readonly partial?: boolean;
}

/** Reads a published point or hole; the schema is not checked again, an installation checks what it writes. */
export function windowResultOf(json: string): WindowResult {
  const event = JSON.parse(json) as Published;
  const { callId, leg, startMs, endMs, windowIndex = 0, reason = null, partial = false } = event;
  const { fromWindowIndex: from = windowIndex, toWindowIndex: to = windowIndex } = event;
  return { callId, leg, from, to, startMs, endMs, hole: reason, partial };
}
