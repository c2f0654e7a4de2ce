import type { Finding } from '../finding.js';
import { copiesAmong } from './envelope.js';
import type { JudgedRecording } from './judge.js';

/**
 * Recordings that stand several times, as the same file or as a copy of it. One finding a group, at its first file by path; an
 * error where they contradict each other on the label.
 */
export function twinFindings(recordings: readonly JudgedRecording[]): Finding[] {
  const sorted = [...recordings].sort((a, b) => (a.path < b.path ? -1 : 1));
  return copiesAmong(sorted, ({ facts }) => facts).map((twins) => {
    const [first, ...others] = twins as [JudgedRecording, ...JudgedRecording[]];
    return { file: first.path, kind: kindOf(twins), detail: detailOf(first, others) };
  });
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
