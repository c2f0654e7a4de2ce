import { z } from 'zod';
import { EMOTIONS } from '../inference/index.js';

const share = z.number().min(0).max(1);
const labels = [...EMOTIONS, 'uncertain'] as const;

export const legSummarySchema = z.object({
  mediaMs: z.number().describe('Media time heard so far, holes included.'),
  lostMs: z.number().describe('Of it, lost on the way.'),
  pausedMs: z.number().describe('Of it, withheld on purpose.'),
  voicedMs: z.number().describe('Of it, speech.'),
  talkShare: share.describe("This leg's share of all legs' speech."),
  windows: z.int().describe('Windows classified.'),
  silentWindows: z.int().describe('Windows not classified for want of voice.'),
  missedWindows: z.int().describe('Windows that fell into holes.'),
  labelShare: z.partialRecord(z.enum(labels), share).describe('Share of the classified windows by label.'),
  meanValence: z.number().nullable(),
  meanArousal: z.number().nullable(),
});
export type LegSummary = z.infer<typeof legSummarySchema>;

export const segmentSchema = z.object({
  leg: z.enum(['customer', 'agent', 'mixed']),
  label: z.enum(labels),
  startMs: z.number(),
  endMs: z.number(),
});
export type Segment = z.infer<typeof segmentSchema>;

/** The call as far as it has gone; the last one, with `state: "ended"`, is the summary of the whole. */
export const callSummarySchema = z
  .object({
    callId: z.string().min(1),
    tenant: z.string().min(1),
    state: z.enum(['live', 'ended']),
    endReason: z.enum(['completed', 'idle', 'feed-lost', 'error', 'shutdown']).optional(),
    feed: z.string().describe('Dialect that delivered the call: twilio, generic.'),
    queue: z.string().optional(),
    synthetic: z.boolean().optional().describe('True where the voices are not of people.'),
    notice: z.enum(['given', 'not-given', 'unknown']),
    model: z.string(),
    durationMs: z.number().describe('Longest leg, media time.'),
    legs: z.partialRecord(z.enum(['customer', 'agent', 'mixed']), legSummarySchema),
    silenceMs: z.number().describe('Media time in which no leg spoke.'),
    overlapMs: z.number().describe('Media time in which both legs spoke.'),
    interruptions: z
      .int()
      .describe('Times one leg began to speak while the other was speaking, for 0.5 s or more.'),
    segments: z.array(segmentSchema).describe('Runs of one label, oldest first; the newest 200.'),
    alertsRaised: z.int(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
  })
  .describe('A call so far, or as a whole.');
export type CallSummary = z.infer<typeof callSummarySchema>;
