import type { Finding } from '../finding.js';
import type { JudgedRecording } from './judge.js';

/** Below this there is nothing in a recording by which it could be told from another. */
const NOTHING_DBFS = -90;

/**
 * Recordings that stand several times, as the same file or as the same samples. One finding a group, at its first file,
 * by path; an error where they contradict each other on the label.
 */
export function twinFindings(recordings: readonly JudgedRecording[]): Finding[] {
  const audible = recordings.filter(({ facts }) => facts.loudestDbfs > NOTHING_DBFS);
  return groupsBy(audible, ({ facts }) => facts.audioSha256).map((twins) => {
    const [first, ...others] = twins as [JudgedRecording, ...JudgedRecording[]];
    return { file: first.path, kind: kindOf(twins), detail: detailOf(first, others) };
  });
}

function groupsBy(
  recordings: readonly JudgedRecording[],
  keyOf: (recording: JudgedRecording) => string,
): JudgedRecording[][] {
  const groups = new Map<string, JudgedRecording[]>();
  for (const recording of [...recordings].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const key = keyOf(recording);
    groups.set(key, [...(groups.get(key) ?? []), recording]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

function kindOf(twins: readonly JudgedRecording[]): Finding['kind'] {
  if (new Set(twins.map(({ label }) => label)).size > 1) return 'two-labels';
  return new Set(twins.map(({ sha256 }) => sha256)).size === 1 ? 'same-file' : 'same-audio';
}

function detailOf(first: JudgedRecording, others: readonly JudgedRecording[]): string {
  const named = others.map(({ path, label, speaker }) => {
    const differs = [label !== first.label && label, speaker !== first.speaker && speaker].filter(Boolean);
    return differs.length === 0 ? path : `${path} (${differs.join(', ')})`;
  });
  return `the same recording as ${named.join(', ')}; here it is ${first.label}, ${first.speaker}.`;
}
