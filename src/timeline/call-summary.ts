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
  meanValence: z
    .number()
    .nullable()
    .describe('Mean valence of the classified windows, −1…1; null where there are none.'),
  meanArousal: z
    .number()
    .nullable()
    .describe('Mean arousal of the classified windows, −1…1; null where there are none.'),
});
export type LegSummary = z.infer<typeof legSummarySchema>;

export const segmentSchema = z.object({
  leg: z.enum(['customer', 'agent', 'mixed']).describe('Whose voice was heard.'),
  label: z
    .enum(labels)
    .describe('Label of all classified windows in it; silence in between does not end it.'),
  startMs: z.number().describe('Media time at which its first window begins, or the segment before it ends.'),
  endMs: z.number().describe('Media time just after its last window.'),
});
export type Segment = z.infer<typeof segmentSchema>;

/** The call as far as it has gone; the last one, with `state: "ended"`, is the summary of the whole. */
export const callSummarySchema = z
  .object({
    callId: z.string().min(1).describe('Conversation, as the telephony side named it.'),
    tenant: z.string().min(1).describe('Whose call it is.'),
    state: z
      .enum(['live', 'ended'])
      .describe('`live`: more will come; `ended`: the last summary of the call.'),
    endReason: z
      .enum(['completed', 'idle', 'feed-lost', 'error', 'shutdown'])
      .optional()
      .describe(
        'Why it ended: the feed said so; it fell silent; it did not come back; it was at fault; Undertone stopped.',
      ),
    feed: z.string().describe('Dialect that delivered the call: twilio, generic.'),
    queue: z.string().optional().describe('Queue that the feed named.'),
    synthetic: z.boolean().optional().describe('True where the voices are not of people.'),
    notice: z
      .enum(['given', 'not-given', 'unknown'])
      .describe('Whether the caller was told (EU AI Act Art. 50).'),
    model: z.string().describe('Bundle name and the first 12 digits of its model hash.'),
    durationMs: z.number().describe('Longest leg, media time.'),
    legs: z
      .partialRecord(z.enum(['customer', 'agent', 'mixed']), legSummarySchema)
      .describe('Each leg that was heard, by name: `customer`, `agent`, `mixed`.'),
    silenceMs: z.number().describe('Media time in which no leg spoke.'),
    overlapMs: z.number().describe('Media time in which both legs spoke.'),
    interruptions: z
      .int()
      .describe('Times one leg began to speak while the other was speaking, for 0.5 s or more.'),
    segments: z.array(segmentSchema).describe('Runs of one label, oldest first; the newest 200.'),
    alertsRaised: z.int().describe('Alerts raised so far, ended ones included.'),
    startedAt: z.iso.datetime().describe('Wall clock at which the call began here.'),
    endedAt: z.iso.datetime().optional().describe('Wall clock at which the last summary was made.'),
  })
  .describe('A call so far, or as a whole.');
export type CallSummary = z.infer<typeof callSummarySchema>;
