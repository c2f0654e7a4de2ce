/** What a process for one fold is asked for otherwise than the command that starts it. */
export interface FoldArguments {
  readonly fold: string;
  readonly card: string;
  /** Default: as long as it takes. */
  readonly maxMinutes: number | undefined;
}

/** Options that belong to all folds together, and how many values each takes. */
const OF_ALL_FOLDS: Readonly<Record<string, 'one' | 'many'>> = {
  '--fold': 'many',
  '--card': 'one',
  '--parallel': 'one',
  '--max-minutes': 'one',
};

/**
 * The command line for one fold.
 * @param given of the command for all folds: script and arguments
 */
export function argumentsOfFold(
  given: readonly string[],
  { fold, card, maxMinutes }: FoldArguments,
): string[] {
  const minutes = maxMinutes === undefined ? [] : ['--max-minutes', String(maxMinutes)];
  return [...withoutOptions(given), '--card', card, '--parallel', '1', ...minutes, '--fold', fold];
}

function withoutOptions(given: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const [name, value] = given[i]!.split('=', 2);
    const takes = OF_ALL_FOLDS[name!];
    if (takes === undefined) kept.push(given[i]!);
    else if (value === undefined) i += takes === 'one' ? 1 : valuesAfter(given, i);
  }
  return kept;
}

/** An option of many values takes what follows, up to the next option. */
function valuesAfter(given: readonly string[], option: number): number {
  const next = given.findIndex((text, i) => i > option && text.startsWith('-'));
  return (next < 0 ? given.length : next) - option - 1;
}
