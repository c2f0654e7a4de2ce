import { styled, type Terminal } from '../terminal.js';
import { type CheckResult, isBroken } from './check.js';

/** One line a check, and under it what to do. */
export function renderReport(results: readonly CheckResult[], terminal: Pick<Terminal, 'colours'>): string {
  const width = Math.max(...results.map((result) => result.name.length));
  const lines = results.map((result) => lineOf(result, width, terminal));
  const verdict = isBroken(results)
    ? 'Something that is needed is broken: see ✗ above.'
    : 'Ready: `undertone start`.';
  return `${lines.join('')}\n${verdict}\n`;
}

function lineOf(result: CheckResult, width: number, terminal: Pick<Terminal, 'colours'>): string {
  const line = `${markOf(result, terminal)} ${result.name.padEnd(width)}  ${result.detail}\n`;
  if (result.remedy === undefined) return line;
  const purpose = result.required ? '' : `needed for ${result.neededFor}: `;
  return `${line}  ${' '.repeat(width)}  ${styled(terminal, 'dim', `${purpose}${result.remedy}`)}\n`;
}

function markOf({ status, required }: CheckResult, terminal: Pick<Terminal, 'colours'>): string {
  if (status === 'warning') return styled(terminal, 'yellow', '!');
  if (status === 'ok') return styled(terminal, 'green', '✓');
  return required ? styled(terminal, 'red', '✗') : styled(terminal, 'yellow', '–');
}
