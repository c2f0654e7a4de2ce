import { z } from 'zod';
import { EMOTIONS } from '../inference/index.js';

/** What every event of the emotions topic begins with. */
export const eventOrigin = z.object({
  callId: z.string().min(1).describe('Conversation, as the telephony side named it.'),
  tenant: z.string().min(1).describe('Whose call it is.'),
  leg: z.enum(['customer', 'agent', 'mixed']).describe('Whose voice was heard.'),
});

const probability = z.number().min(0).max(1);

/** One window of a timeline. */
export const pointSchema = eventOrigin
  .extend({
    windowIndex: z.int().nonnegative().describe('Counts hops of the front end from media time 0.'),
    startMs: z.number().describe('Media time of the first sample of the window.'),
    endMs: z.number().describe('Media time just after the last sample of the window.'),
    status: z
      .enum(['classified', 'silent'])
      .describe('`silent`: too little voice in the window, so it was not classified.'),
    partial: z
      .boolean()
      .optional()
      .describe('True for the one window of a leg that ended before a whole window had been heard.'),
    label: z
      .enum([...EMOTIONS, 'uncertain'])
      .nullable()
      .describe(
        'Smoothed label with hysteresis; `uncertain` where no class is sure enough; null when silent.',
      ),
    confidence: probability.nullable().describe('Smoothed, calibrated probability of the likeliest class.'),
    probabilities: z
      .partialRecord(z.enum(EMOTIONS), probability)
      .nullable()
      .describe('Smoothed, calibrated probability of each class.'),
    valence: z
      .number()
      .min(-1)
      .max(1)
      .nullable()
      .describe('Unpleasant −1 … pleasant 1, expected over the classes.'),
    arousal: z.number().min(-1).max(1).nullable().describe('Calm −1 … excited 1, expected over the classes.'),
    loudnessDbfs: z.number().describe('RMS level of the window, dB relative to full scale.'),
    voicedShare: probability.describe('Share of the window in which the voice-activity gate heard speech.'),
    model: z.string().describe('Bundle name and the first 12 digits of its model hash.'),
    notice: z
      .enum(['given', 'not-given', 'unknown'])
      .describe('Whether the caller was told (EU AI Act Art. 50).'),
    emittedAt: z.iso.datetime().describe('Wall clock at which the point was made.'),
  })
  .describe('One window of a call, classified and smoothed.');
export type Point = z.infer<typeof pointSchema>;

/** A run of windows that were not classified because their audio was missing, withheld or skipped, or the model failed at it. */
export const holeSchema = eventOrigin
  .extend({
    fromWindowIndex: z.int().nonnegative().describe('First window of the hole.'),
    toWindowIndex: z.int().nonnegative().describe('Last window of the hole, inclusive.'),
    startMs: z.number().describe('Media time of the first sample of the first window.'),
    endMs: z.number().describe('Media time just after the last sample of the last window.'),
    reason: z
      .enum(['gap', 'pause', 'overload', 'error'])
      .describe(
        '`gap`: audio lost; `pause`: audio withheld on purpose; `overload`: skipped to keep up; `error`: the model failed at it.',
      ),
    emittedAt: z.iso.datetime().describe('Wall clock at which the hole was closed.'),
  })
  .describe('Windows that nobody classified, and why.');
export type Hole = z.infer<typeof holeSchema>;
