import type { CallState, Json, WindowHole } from '../calls/index.js';
import type { CallEnded, Leg } from '../ingest/index.js';
import type { AlertEntry } from './alerts/alert-desk.js';
import type { TimelineEntry } from './leg-timeline.js';
import type { SummaryBody } from './summarizer.js';

/** Receives what a call's timeline says, in the order in which it came about. */
export interface TimelineListener {
  /** @param arrivedAtMs wall clock at which the window's last audio reached the audio log */
  point(leg: Leg, entry: TimelineEntry, arrivedAtMs: number): void;
  hole(leg: Leg, hole: WindowHole): void;
  alert(alert: AlertEntry): void;
  /**
   * @param ended why the call is over; undefined while it is live
   * @param state what a next owner of the call needs to go on after this summary; null keeps it out
   */
  summary(summary: SummaryBody, ended: CallEnded['reason'] | undefined, state: CallState | null): void;
  /** What a listener to the next owner of the call must know; asked before it is told of the summary that carries it. */
  state(): Json;
}
