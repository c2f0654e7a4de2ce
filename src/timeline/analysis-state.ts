import { z } from 'zod';
import type { AnalysisState, Json } from '../calls/index.js';
import { LEGS } from '../ingest/index.js';
import { alertDeskState } from './alerts/alert-desk.js';
import { callActivityState } from './call-activity.js';
import { legTimelineState } from './leg-timeline.js';
import { anyJson, parseState } from './parse-state.js';
import { summarizerState } from './summarizer.js';

/** To be raised with every change of what a state means, so that no worker goes on from one that it misreads. */
export const STATE_VERSION = 1;

const analysisState = z.object({
  version: z.literal(STATE_VERSION),
  /** The listener's, in its own words. */
  listener: anyJson,
  lastSummaryMs: z.number(),
  legs: z.array(z.tuple([z.enum(LEGS), legTimelineState])),
  activity: callActivityState,
  alerts: alertDeskState,
  summary: summarizerState,
});
export type CallTimelineState = z.infer<typeof analysisState>;

/** @throws UT_TIMELINE_BAD_STATE */
export function readAnalysisState(state: AnalysisState, callId: string): CallTimelineState {
  return parseState(analysisState, state, `state of call ${callId}`);
}

/** What the listener of the call's former owner carried over; undefined in a state that {@link readAnalysisState} refuses. */
export function listenerStateOf(state: AnalysisState): Json | undefined {
  const parsed = analysisState.pick({ version: true, listener: true }).safeParse(state);
  return parsed.success ? parsed.data.listener : undefined;
}
