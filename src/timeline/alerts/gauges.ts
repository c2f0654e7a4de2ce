import type { ActivitySnapshot } from '../call-activity.js';
import type { TimelineEntry } from '../leg-timeline.js';
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

export function createGauge(rule: AlertRule): RuleGauge {
  switch (rule.kind) {
    case 'sustained-emotion':
      return sustainedEmotion(rule);
    case 'valence-drop':
      return valenceDrop(rule);
    case 'long-silence':
      return longSilence(rule);
    case 'overlap':
      return overlap(rule);
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

function sustainedEmotion(rule: SustainedEmotionRule): RuleGauge {
  let first: TimelineEntry | null = null;
  let lastEndMs = 0;
  let heardMs = 0;
  return {
    onEntry(entry, raised) {
      if (entry.status === 'silent') return null;
      const probability = rule.labels.reduce((sum, label) => sum + (entry.probabilities?.[label] ?? 0), 0);
      const wanted = raised ? rule.minProbability - KEEP_MARGIN : rule.minProbability;
      if (probability < wanted || entry.startMs - lastEndMs > MAX_BREAK_MS) first = null;
      if (first === null) heardMs = 0;
      if (probability >= wanted) {
        first ??= entry;
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
        fromWindowIndex: first?.windowIndex ?? entry.windowIndex,
        toWindowIndex: entry.windowIndex,
        confidence: roundProbability(probability),
      };
    },
  };
}

function valenceDrop(rule: ValenceDropRule): RuleGauge {
  let recent: TimelineEntry[] = [];
  let before = 0;
  return {
    onEntry(entry, raised) {
      if (entry.valence === null) return null;
      recent = [...recent.filter((e) => e.endMs > entry.endMs - rule.overMs), entry];
      const highest = recent.reduce((a, b) => (b.valence! > a.valence! ? b : a));
      if (!raised) before = highest.valence!;
      const drop = before - entry.valence;
      return {
        holds: drop >= (raised ? rule.drop / 2 : rule.drop),
        mediaMs: entry.endMs,
        reason: `The customer's mood fell by ${roundAffect(drop)} (valence) within ${seconds(entry.endMs - highest.endMs)}.`,
        value: roundAffect(drop),
        threshold: rule.drop,
        fromWindowIndex: highest.windowIndex,
        toWindowIndex: entry.windowIndex,
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
