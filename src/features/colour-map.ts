import { COLOUR_TABLES, type ColourMap } from './colour-tables.js';

/** Names of the colour maps that there are, matplotlib's own. */
export const COLOUR_MAPS = Object.keys(COLOUR_TABLES) as [ColourMap, ...ColourMap[]];

const COLOURS = 256;
const CHANNELS = 3;
/** A value of the tables is five hexadecimal digits: millionths. */
const DIGITS = 5;

const tables = new Map<ColourMap, Float64Array>();

/**
 * Red, green or blue (plane 0, 1, 2) of matplotlib's colour for a value of 0…1, as a share of 1. Like matplotlib it takes
 * the entry ⌊256 · value⌋ and interpolates nothing.
 */
export function colourOf(map: ColourMap, value: number, plane: number): number {
  const entry = Math.min(COLOURS - 1, Math.trunc(value * COLOURS));
  return tableOf(map)[entry * CHANNELS + plane]!;
}

function tableOf(map: ColourMap): Float64Array {
  const known = tables.get(map);
  if (known !== undefined) return known;
  const text = COLOUR_TABLES[map].join('');
  const table = Float64Array.from(
    { length: COLOURS * CHANNELS },
    (_, i) => Number.parseInt(text.slice(i * DIGITS, (i + 1) * DIGITS), 16) / 1e6,
  );
  tables.set(map, table);
  return table;
}
