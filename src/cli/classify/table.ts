import { styled, type Terminal } from '../terminal.js';
import { type Entry, isHole } from './entry.js';
import { legsOf, type Stretch, type StretchKind, stretchesOf, wordOf } from './stretches.js';

type Style = Parameters<typeof styled>[1];

const STYLES: Readonly<Record<StretchKind, Style>> = {
  angry: 'redBright',
  disgust: 'green',
  fear: 'magentaBright',
  happy: 'yellowBright',
  neutral: 'white',
  sad: 'blueBright',
  surprise: 'cyanBright',
  uncertain: 'gray',
  silent: 'gray',
  gap: 'gray',
  pause: 'gray',
  overload: 'gray',
  error: 'gray',
};

const HEAD = '    time                  emotion      sure   valence  arousal  voice';

/** A timeline for people: a line for each stretch of one label, and what prevailed. */
export function renderTable(
  title: string,
  entries: readonly Entry[],
  terminal: Pick<Terminal, 'colours'>,
): string {
  const head = `${styled(terminal, 'bold', title)}\n`;
  if (entries.length === 0) return `${head}  too short to say anything\n`;
  return (
    head +
    legsOf(entries)
      .map((leg) => legTable(stretchesOf(entries, leg), terminal))
      .join('')
  );
}

function legTable(stretches: readonly Stretch[], terminal: Pick<Terminal, 'colours'>): string {
  const rows = stretches.map((stretch) => `${rowOf(stretch, terminal)}\n`);
  const leg = stretches[0]?.leg ?? '';
  return `  ${leg}\n${styled(terminal, 'dim', HEAD)}\n${rows.join('')}  ${summaryOf(stretches)}\n`;
}

function rowOf(stretch: Stretch, terminal: Pick<Terminal, 'colours'>): string {
  const time = `${clock(stretch.startMs)} – ${clock(stretch.endMs)}`.padEnd(20);
  const word = wordOf(stretch.kind).padEnd(11);
  const cells = [
    shareCell(meanOf(stretch, 'confidence'), 5),
    signedCell(meanOf(stretch, 'valence'), 8),
    signedCell(meanOf(stretch, 'arousal'), 8),
    shareCell(meanOf(stretch, 'voicedShare'), 6),
  ];
  return `    ${time}  ${styled(terminal, STYLES[stretch.kind], word)}${cells.join(' ')}`;
}

function meanOf(
  stretch: Stretch,
  field: 'confidence' | 'valence' | 'arousal' | 'voicedShare',
): number | null {
  const values = stretch.entries
    .flatMap((entry) => (isHole(entry) ? [] : [entry[field]]))
    .filter((v) => v !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shareCell(value: number | null, width: number): string {
  return (value === null ? '·' : `${Math.round(value * 100)} %`).padStart(width);
}

function signedCell(value: number | null, width: number): string {
  const sign = value !== null && value < 0 ? '−' : '+';
  return (value === null ? '·' : sign + Math.abs(value).toFixed(2)).padStart(width);
}

/** `1:02.5`: minutes, seconds, tenths of media time. */
export function clock(ms: number): string {
  const tenths = Math.round(ms / 100);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

function summaryOf(stretches: readonly Stretch[]): string {
  const classified = stretches.filter((stretch) =>
    stretch.entries.some((entry) => !isHole(entry) && entry.label),
  );
  const totals = new Map<StretchKind, number>();
  for (const { kind, startMs, endMs } of classified)
    totals.set(kind, (totals.get(kind) ?? 0) + endMs - startMs);
  const [top] = [...totals].sort((a, b) => b[1] - a[1]);
  if (top === undefined) return 'No window held enough voice to be classified.';
  const allMs = [...totals.values()].reduce((sum, ms) => sum + ms, 0);
  return `Mostly ${top[0]}: ${Math.round((100 * top[1]) / allMs)} % of ${(allMs / 1000).toFixed(1)} s classified.`;
}
