import { z } from 'zod';
import type { Json } from '../../calls/index.js';
import type { ActivitySnapshot } from '../call-activity.js';
import { parseState } from '../parse-state.js';
import { roundAffect, roundProbability } from '../rounding.js';
import type {
  AlertRule,
  Finding,
  LongSilenceRule,
  OverlapRule,
  RuleGauge,
  SustainedEmotionRule,
  ValenceDropRule,
} from './rule.js';

/** A standing alert is kept until the probability is this much under what raised it. */
const KEEP_MARGIN = 0.1;
/** After so long without a classified window, what was heard before does not count as lasting. */
const MAX_BREAK_MS = 5000;

/**
 * @param state what a gauge of a rule of the same kind remembered, to go on from there
 * @throws UT_TIMELINE_BAD_STATE
 */
export function createGauge(rule: AlertRule, state?: Json): RuleGauge {
  switch (rule.kind) {
    case 'sustained-emotion':
      return sustainedEmotion(rule, state);
    case 'valence-drop':
      return valenceDrop(rule, state);
    case 'long-silence':
      return longSilence(rule);
    case 'overlap':
      return overlap(rule);
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

const placeOf = (rule: AlertRule): string => `state of alert rule ${rule.name}`;

const sustainedState = z.object({
  /** First window of those that count; null where none does. */
  first: z.int().nullable(),
  lastEndMs: z.number(),
  heardMs: z.number(),
});
const NOTHING_HEARD = { first: null, lastEndMs: 0, heardMs: 0 };

function sustainedEmotion(rule: SustainedEmotionRule, state: Json = NOTHING_HEARD): RuleGauge {
  let { first, lastEndMs, heardMs } = parseState(sustainedState, state, placeOf(rule));
  return {
    state: () => ({ first, lastEndMs, heardMs }),
    onEntry(entry, raised) {
      if (entry.status === 'silent') return null;
      const probability = rule.labels.reduce((sum, label) => sum + (entry.probabilities?.[label] ?? 0), 0);
      const wanted = raised ? rule.minProbability - KEEP_MARGIN : rule.minProbability;
      if (probability < wanted || entry.startMs - lastEndMs > MAX_BREAK_MS) first = null;
      if (first === null) heardMs = 0;
      if (probability >= wanted) {
        first ??= entry.windowIndex;
        // Only what was heard counts: silence and holes between two windows make no one angrier.
        heardMs += entry.endMs - (heardMs === 0 ? entry.startMs : Math.max(entry.startMs, lastEndMs));
      }
      lastEndMs = entry.endMs;
      return {
        holds: first !== null && (raised || heardMs >= rule.forMs),
        mediaMs: entry.endMs,
        reason: `The customer has sounded ${rule.labels.join(' or ')} for ${seconds(heardMs)}.`,
        value: roundProbability(probability),
        threshold: rule.minProbability,
        fromWindowIndex: first ?? entry.windowIndex,
        toWindowIndex: entry.windowIndex,
        confidence: roundProbability(probability),
      };
    },
  };
}

const dropState = z.object({
  /** Window, end in ms and valence of the windows that a fall may be measured from. */
  recent: z.array(z.tuple([z.int(), z.number(), z.number()])),
  before: z.number(),
});
const NOTHING_FELL = { recent: [], before: 0 };

function valenceDrop(rule: ValenceDropRule, state: Json = NOTHING_FELL): RuleGauge {
  // Never rises from one to the next: what lies before a higher one is no longer fallen from.
  let { recent, before } = parseState(dropState, state, placeOf(rule));
  return {
    state: () => ({ recent, before }),
    onEntry(entry, raised) {
      const { windowIndex, endMs, valence } = entry;
      if (valence === null) return null;
      recent = recent.filter(([, end, height]) => end > endMs - rule.overMs && height >= valence);
      recent.push([windowIndex, endMs, valence]);
      const [highestWindow, highestEndMs, highest] = recent[0]!;
      if (!raised) before = highest;
      const drop = before - valence;
      return {
        holds: drop >= (raised ? rule.drop / 2 : rule.drop),
        mediaMs: entry.endMs,
        reason: `The customer's mood fell by ${roundAffect(drop)} (valence) within ${seconds(endMs - highestEndMs)}.`,
        value: roundAffect(drop),
        threshold: rule.drop,
        fromWindowIndex: highestWindow,
        toWindowIndex: windowIndex,
        confidence: entry.confidence,
      };
    },
  };
}

function longSilence(rule: LongSilenceRule): RuleGauge {
  return runGauge((a) => a.silenceRunMs, rule.silentMs, 'Nobody has spoken');
}

function overlap(rule: OverlapRule): RuleGauge {
  return runGauge((a) => a.overlapRunMs, rule.overlapMs, 'Both parties have spoken at once');
}

function runGauge(runMs: (a: ActivitySnapshot) => number, thresholdMs: number, what: string): RuleGauge {
  return {
    state: () => null,
    onActivity(activity): Finding {
      return {
        holds: runMs(activity) >= thresholdMs,
        mediaMs: activity.mediaMs,
        reason: `${what} for ${seconds(runMs(activity))}.`,
        value: runMs(activity),
        threshold: thresholdMs,
        fromWindowIndex: null,
        toWindowIndex: null,
        confidence: null,
      };
    },
  };
}
