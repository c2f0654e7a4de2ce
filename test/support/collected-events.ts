import type { ResultObserver } from '../../src/sink/index.js';
import type { Alert, CallSummary, Hole, Point } from '../../src/timeline/index.js';

/** Keeps every event that a call makes. */
export interface CollectedEvents extends ResultObserver {
  readonly points: Point[];
  readonly holes: Hole[];
  readonly alerts: Alert[];
  readonly summaries: CallSummary[];
  readonly erasures: string[];
}

export function collectEvents(): CollectedEvents {
  const points: Point[] = [];
  const holes: Hole[] = [];
  const alerts: Alert[] = [];
  const summaries: CallSummary[] = [];
  const erasures: string[] = [];
  return {
    points,
    holes,
    alerts,
    summaries,
    erasures,
    point: (point) => points.push(point),
    hole: (hole) => holes.push(hole),
    alert: (alert) => alerts.push(alert),
    summary: (summary) => summaries.push(summary),
    erased: (callId) => erasures.push(callId),
  };
}

/** The bytes of an event but for the wall clock. */
export function timeless(event: { emittedAt: string }): string {
  return JSON.stringify({ ...event, emittedAt: undefined });
}
