import type { Finding, FindingKind } from '../../training/index.js';

/** Lines of one kind that a terminal shows; a whole corpus may be at the wrong rate. */
const SHOWN = 10;

/**
 * Findings as lines, `wrong: FILE: WHY`, `left out: …` or `note: …`, kind by kind, errors first.
 * @param rest where those lie that are too many to show; `null` shows all
 */
export function findingLines(
  findings: readonly Finding[],
  isError: (finding: Finding) => boolean,
  rest: string | null,
): string[] {
  const kinds = new Map<FindingKind, Finding[]>();
  const sorted = [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
  for (const finding of sorted) kinds.set(finding.kind, [...(kinds.get(finding.kind) ?? []), finding]);
  return [...kinds].flatMap(([kind, all]) => {
    const shown = rest === null ? all : all.slice(0, SHOWN);
    const lines = shown.map((finding) => `${headOf(finding, isError)}: ${finding.file}: ${finding.detail}\n`);
    const more = all.length - shown.length;
    return more === 0 ? lines : [...lines, `  and ${more} more of the kind "${kind}", all in ${rest}\n`];
  });
}

function headOf(finding: Finding, isError: (finding: Finding) => boolean): string {
  if (isError(finding)) return 'wrong';
  return finding.kind === 'left-out' || finding.kind === 'no-label' ? 'left out' : 'note';
}

/** `angry 400, sad 399`: how often each word occurs, the most frequent first. */
export function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([word, count]) => `${word} ${count}`).join(', ');
}
