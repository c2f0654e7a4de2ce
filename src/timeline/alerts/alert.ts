import { z } from 'zod';

/** A suggestion to a person, about the call and its customer; never a score of an agent. */
export const alertSchema = z
  .object({
    alertId: z.string().describe('`callId/rule/n`, the same in `raised` and `ended`.'),
    callId: z.string().min(1),
    tenant: z.string().min(1),
    queue: z.string().optional(),
    rule: z.string().describe('Name of the rule in the configuration.'),
    severity: z.enum(['info', 'warning', 'critical']),
    state: z.enum(['raised', 'ended']),
    reason: z.string().describe('One sentence for the supervisor.'),
    mediaMs: z.number().describe('Media time at which it was raised or ended.'),
    evidence: z.object({
      leg: z.enum(['customer', 'agent', 'mixed']).nullable(),
      fromWindowIndex: z.int().nullable(),
      toWindowIndex: z.int().nullable(),
      value: z.number().describe('What was measured, in the unit that the reason names.'),
      threshold: z.number().describe('What the rule compares it with.'),
    }),
    confidence: z.number().min(0).max(1).nullable(),
    model: z.string(),
    emittedAt: z.iso.datetime(),
  })
  .describe('An alert raised or ended.');
export type Alert = z.infer<typeof alertSchema>;
