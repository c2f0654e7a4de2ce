import { z } from 'zod';
import { durationMs, name, share } from './common.js';

/** The labels of the model's outputs, named here again because a base room loads no room of the path. */
export const EMOTION_NAMES = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'] as const;

const ruleBase = {
  name: name().describe('Name of the rule, as alerts carry it; unique.'),
  severity: z.enum(['info', 'warning', 'critical']).describe('How loud the alert is on the console.'),
  cooldownMs: durationMs()
    .describe(
      'After an alert of this rule has ended, the same call raises no other for so much media time, ms.',
    )
    .default(30_000),
  tenants: z.array(name()).describe('Only calls of these tenants; empty = all.').default([]),
  queues: z.array(z.string().min(1)).describe('Only calls of these queues; empty = all.').default([]),
};

export const sustainedEmotionRule = z
  .strictObject({
    kind: z.literal('sustained-emotion'),
    ...ruleBase,
    labels: z.array(z.enum(EMOTION_NAMES)).min(1).describe('The emotions; their probabilities are added up.'),
    minProbability: share().describe('Smoothed probability that must be reached.').default(0.6),
    forMs: durationMs().describe('For how much media time without a break, ms.').default(5_000),
  })
  .describe('One of the emotions is heard for some time.');

export const valenceDropRule = z
  .strictObject({
    kind: z.literal('valence-drop'),
    ...ruleBase,
    drop: z.number().positive().max(2).describe('How far valence (−1…1) falls.').default(0.6),
    overMs: durationMs().describe('Within how much media time, ms.').default(15_000),
  })
  .describe('The mood turns: valence falls far within a short time.');

export const longSilenceRule = z
  .strictObject({
    kind: z.literal('long-silence'),
    ...ruleBase,
    silentMs: durationMs().describe('Media time in which no leg speaks, ms.').default(15_000),
  })
  .describe('Nobody speaks.');

export const overlapRule = z
  .strictObject({
    kind: z.literal('overlap'),
    ...ruleBase,
    overlapMs: durationMs().describe('For how much media time without a break, ms.').default(3_000),
  })
  .describe('Both parties speak at once.');

export const alertRuleSchema = z.discriminatedUnion('kind', [
  sustainedEmotionRule,
  valenceDropRule,
  longSilenceRule,
  overlapRule,
]);
export type AlertRuleConfig = z.infer<typeof alertRuleSchema>;

const BUILT_IN_RULES: readonly z.input<typeof alertRuleSchema>[] = [
  { kind: 'sustained-emotion', name: 'sustained-anger', severity: 'critical', labels: ['angry'] },
  { kind: 'valence-drop', name: 'valence-drop', severity: 'warning' },
  { kind: 'long-silence', name: 'long-silence', severity: 'info' },
  { kind: 'overlap', name: 'overlap', severity: 'info' },
];

export const alertsSection = z
  .strictObject({
    rules: z
      .array(alertRuleSchema)
      .describe('The rules. A list of your own replaces the built-in one.')
      .prefault([...BUILT_IN_RULES]),
  })
  .describe('When a supervisor is told. An alert is a suggestion to a person and ends when its cause ends.')
  .prefault({});
export type AlertsConfig = z.infer<typeof alertsSection>;
