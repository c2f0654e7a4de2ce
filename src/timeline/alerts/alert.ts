import { z } from 'zod';

/** A suggestion to a person, about the call and its customer; never a score of an agent. */
export const alertSchema = z
  .object({
    alertId: z
      .string()
      .describe(
        '`callId/rule/leg/n`, or `callId/rule/n` where the call as a whole is meant; the same in `raised` and `ended`.',
      ),
    callId: z.string().min(1).describe('Conversation, as the telephony side named it.'),
    tenant: z.string().min(1).describe('Whose call it is.'),
    queue: z.string().optional().describe('Queue that the feed named.'),
    rule: z.string().describe('Name of the rule in the configuration.'),
    severity: z.enum(['info', 'warning', 'critical']).describe('As the rule says.'),
    state: z.enum(['raised', 'ended']).describe('`raised`: its cause holds; `ended`: it holds no longer.'),
    reason: z.string().describe('One sentence for the supervisor.'),
    mediaMs: z.number().describe('Media time at which it was raised or ended.'),
    evidence: z
      .object({
        leg: z
          .enum(['customer', 'agent', 'mixed'])
          .nullable()
          .describe('Whose voice it was; null where the rule is about the call as a whole.'),
        fromWindowIndex: z.int().nullable().describe('First window that counted; null where none did.'),
        toWindowIndex: z.int().nullable().describe('Last window that counted; null where none did.'),
        value: z
          .number()
          .describe('What was measured: a probability, a fall of valence, or ms, by the kind of the rule.'),
        threshold: z.number().describe('What the rule compares it with, in the same unit.'),
      })
      .describe('What the alert rests on.'),
    confidence: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        'Smoothed, calibrated probability of what was heard; null where the rule asks for no emotion.',
      ),
    model: z.string().describe('Bundle name and the first 12 digits of its model hash.'),
    emittedAt: z.iso.datetime().describe('Wall clock at which the event was made.'),
  })
  .describe('An alert raised or ended.');
export type Alert = z.infer<typeof alertSchema>;
