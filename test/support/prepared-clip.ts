import type { PreparedClip } from '../../src/training/prepare/manifest.js';

/** A line of a manifest, for tests that look at a few of its fields. */
export function preparedClip(facts: Partial<PreparedClip>): PreparedClip {
  const id = facts.id ?? 'clip';
  return {
    id,
    corpus: 'tess',
    speaker: 'tess/OAF',
    label: 'angry',
    corpusLabel: 'angry',
    language: 'en',
    source: `${id}.wav`,
    sourceSha256: '',
    durationMs: 2000,
    file: `${id}.npy`,
    frames: 124,
    voice: { fromFrame: 10, toFrame: 100 },
    picture: `${id}.png`,
    variants: [],
    ...facts,
  };
}
