import type { Emotion } from '../../inference/index.js';
import type { Leg } from '../../ingest/index.js';
import { type Entry, isHole } from './entry.js';

export type StretchKind = Emotion | 'uncertain' | 'silent' | 'gap' | 'pause' | 'overload' | 'error';

const WORDS: Partial<Record<StretchKind, string>> = {
  silent: 'no speech',
  gap: 'audio lost',
  pause: 'paused',
  overload: 'skipped',
  error: 'failed',
};

/** A kind as people read it. */
export function wordOf(kind: StretchKind): string {
  return WORDS[kind] ?? kind;
}

/** Consecutive entries of one leg that say the same. */
export interface Stretch {
  readonly leg: Leg;
  readonly kind: StretchKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly entries: readonly Entry[];
}

/** What one entry says. */
export function kindOf(entry: Entry): StretchKind {
  if (isHole(entry)) return entry.reason;
  return entry.label ?? 'silent';
}

/**
 * The stretches of one leg. Windows overlap: each entry stands for the time since the end of the one before it, the
 * first for its whole window.
 */
export function stretchesOf(entries: readonly Entry[], leg: Leg): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const entry of entries.filter((candidate) => candidate.leg === leg)) {
    const last = stretches.at(-1);
    const kind = kindOf(entry);
    if (last?.kind === kind) {
      stretches[stretches.length - 1] = { ...last, endMs: entry.endMs, entries: [...last.entries, entry] };
    } else
      stretches.push({
        leg,
        kind,
        startMs: last?.endMs ?? entry.startMs,
        endMs: entry.endMs,
        entries: [entry],
      });
  }
  return stretches;
}

/** The legs of a timeline in the order in which they first appear. */
export function legsOf(entries: readonly Entry[]): readonly Leg[] {
  return [...new Set(entries.map((entry) => entry.leg))];
}
