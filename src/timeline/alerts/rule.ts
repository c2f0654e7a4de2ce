import { z } from 'zod';
import type { Json } from '../../calls/index.js';
import type { Emotion } from '../../inference/index.js';
import type { ActivitySnapshot } from '../call-activity.js';
import type { TimelineEntry } from '../leg-timeline.js';
import type { Alert } from './alert.js';

interface RuleBase {
  /** Unique; stands in `alertId`. */
  readonly name: string;
  readonly severity: Alert['severity'];
  /** Media time after the end of an alert in which the rule stays quiet. */
  readonly cooldownMs: number;
  /** Only calls of these tenants / queues; empty = all. */
  readonly tenants: readonly string[];
  readonly queues: readonly string[];
}

/** The labels' summed probability stays at or above `minProbability` for `forMs` of classified windows. */
export interface SustainedEmotionRule extends RuleBase {
  readonly kind: 'sustained-emotion';
  readonly labels: readonly Emotion[];
  readonly minProbability: number;
  readonly forMs: number;
}

/** Valence falls by `drop` (of a scale −1…1) within `overMs`. */
export interface ValenceDropRule extends RuleBase {
  readonly kind: 'valence-drop';
  readonly drop: number;
  readonly overMs: number;
}

/** Nobody speaks for `silentMs`. */
export interface LongSilenceRule extends RuleBase {
  readonly kind: 'long-silence';
  readonly silentMs: number;
}

/** Two legs speak at once for `overlapMs`. */
export interface OverlapRule extends RuleBase {
  readonly kind: 'overlap';
  readonly overlapMs: number;
}

export type AlertRule = SustainedEmotionRule | ValenceDropRule | LongSilenceRule | OverlapRule;

/** What a rule finds in what it has just been told: its cause holds, or not. */
export const findingSchema = z.object({
  holds: z.boolean(),
  mediaMs: z.number(),
  reason: z.string(),
  value: z.number(),
  threshold: z.number(),
  fromWindowIndex: z.int().nullable(),
  toWindowIndex: z.int().nullable(),
  confidence: z.number().nullable(),
});
export type Finding = Readonly<z.infer<typeof findingSchema>>;

/**
 * The measuring half of a rule, for one leg or one call. `raised` tells it that its alert is standing, so that it
 * may ask for less to keep it than to raise it. Returns null where what it was told decides nothing.
 */
export interface RuleGauge {
  onEntry?(entry: TimelineEntry, raised: boolean): Finding | null;
  onActivity?(activity: ActivitySnapshot): Finding | null;
  /** What it remembers, for a gauge of the same kind of rule elsewhere to go on from. */
  state(): Json;
}
