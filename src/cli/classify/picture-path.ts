import { basename, extname } from 'node:path';

/** `out.png`, or `out.<recording>.png` where there are several. */
export function picturePath(plot: string, file: string, isOneOfMany: boolean): string {
  if (!isOneOfMany) return plot;
  const name = basename(file, extname(file));
  return `${plot.slice(0, -extname(plot).length)}.${name}.png`;
}
