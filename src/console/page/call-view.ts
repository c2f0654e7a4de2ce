import type { Hole, Point } from '../../timeline/index.js';
import type { LegTrack } from '../leg-track.js';
import type { LiveCall } from '../live-state.js';

/** What the list and the detail both say of a call, from the newest of its points and its summary. */
export interface CallView {
  readonly callId: string;
  readonly tenant: string;
  readonly queue: string | undefined;
  readonly isLive: boolean;
  readonly isSynthetic: boolean;
  readonly durationMs: number;
  /** The leg whose emotion is shown: the customer's, or else the mixed one. */
  readonly track: LegTrack | undefined;
  readonly leg: Point['leg'];
  readonly latest: Point | undefined;
  /** The hole that the call is in, or came out of last, with no window judged since. */
  readonly openHole: Hole | undefined;
}

const LEG_ORDER = ['customer', 'mixed', 'agent'] as const;

export function viewOf(call: LiveCall): CallView {
  const leg = LEG_ORDER.find((name) => call.tracks.has(name)) ?? 'customer';
  const track = call.tracks.get(leg);
  const heardMs = [...call.tracks.values()].map((t) => t.points.at(-1)?.endMs ?? 0);
  return {
    callId: call.callId,
    tenant: call.tenant,
    queue: call.summary?.queue,
    isLive: call.summary?.state !== 'ended',
    isSynthetic: call.summary?.synthetic === true,
    durationMs: Math.max(call.summary?.durationMs ?? 0, ...heardMs),
    track,
    leg,
    latest: track?.points.at(-1),
    openHole: openHoleOf(track),
  };
}

function openHoleOf(track: LegTrack | undefined): Hole | undefined {
  const hole = track?.holes.at(-1);
  const lastJudged = track?.points.at(-1)?.windowIndex ?? -1;
  return hole !== undefined && hole.toWindowIndex > lastJudged ? hole : undefined;
}
