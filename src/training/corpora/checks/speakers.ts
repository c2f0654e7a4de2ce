import type { CorpusClip } from '../corpus.js';
import type { Finding } from '../finding.js';

/** One person under several names, told by names that differ in case, separators or leading zeros alone. */
export function spellingFindings(clips: readonly CorpusClip[], root: string): Finding[] {
  return spellings([...new Set(clips.map(({ speaker }) => speaker))].sort(), root);
}

/** A split by speakers is worth nothing where each recording is a speaker of its own, or all are the same. */
export function unknownSpeakers(clips: readonly CorpusClip[], root: string): Finding[] {
  const { size } = new Set(clips.map(({ speaker }) => speaker));
  if (size > 1 && size < clips.length) return [];
  const detail =
    size === 1
      ? `all recordings are of one speaker (${clips[0]!.speaker}): nothing can be tested on people unheard.`
      : `${size} recordings of as many speakers: where some are of the same person, say so, or tests are worth nothing.`;
  return [{ file: root, kind: 'unknown-speaker', detail }];
}

function spellings(speakers: readonly string[], root: string): Finding[] {
  const groups = new Map<string, string[]>();
  for (const speaker of speakers) {
    const key = plainName(speaker);
    groups.set(key, [...(groups.get(key) ?? []), speaker]);
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((names) => ({
      file: root,
      kind: 'speaker-spelling',
      detail: `${names.join(', ')} are probably one person; as they are, one may train and the other test.`,
    }));
}

/** `Anna_01`, `anna 1` and `ANNA-1` are the same. */
const plainName = (speaker: string): string =>
  speaker
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}/]/gu, '')
    .replaceAll(/(?<!\d)0+(?=\d)/g, '');
