import type { StretchKind } from '../stretches.js';

export const INK = '#1f2933';
export const FAINT_INK = '#6b7785';
export const GRID = '#e3e7eb';
export const PAPER = '#ffffff';

/** Told apart by hue and by lightness, so that most colour-blind readers can follow too. */
export const COLOURS: Readonly<Record<StretchKind, string>> = {
  angry: '#d1383d',
  disgust: '#6f8f2f',
  fear: '#7d4fa8',
  happy: '#f4b63f',
  neutral: '#9fb1c1',
  sad: '#2f6db5',
  surprise: '#3bb3a9',
  uncertain: '#d5dae0',
  silent: '#f3f5f7',
  gap: '#ffffff',
  pause: '#ffffff',
  overload: '#ffffff',
  error: '#ffffff',
};

/** Kinds that mean "nothing was heard here": drawn hatched. */
export const HATCHED: ReadonlySet<StretchKind> = new Set(['gap', 'pause', 'overload', 'error']);

/** White or dark, whichever can be read on the colour of a kind. */
export function inkOn(kind: StretchKind): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(COLOURS[kind].slice(at, at + 2), 16));
  return 0.3 * r! + 0.59 * g! + 0.11 * b! > 150 ? INK : PAPER;
}

/** Stops of matplotlib's "magma", dark to light. */
const MAGMA = [
  [0, 0, 4],
  [28, 16, 68],
  [79, 18, 123],
  [129, 37, 129],
  [181, 54, 122],
  [229, 80, 100],
  [251, 135, 97],
  [254, 194, 135],
  [252, 253, 191],
] as const;

/** Writes the colour of a level, 0 (quiet) … 1 (loud), as RGBA at `at`. */
export function paintHeat(level: number, pixels: Uint8ClampedArray, at: number): void {
  const position = Math.min(1, Math.max(0, level)) * (MAGMA.length - 1);
  const low = MAGMA[Math.floor(position)]!;
  const high = MAGMA[Math.ceil(position)]!;
  const share = position - Math.floor(position);
  for (let i = 0; i < 3; i++) pixels[at + i] = low[i]! + (high[i]! - low[i]!) * share;
  pixels[at + 3] = 255;
}
