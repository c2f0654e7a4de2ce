/** Rounds to stated decimals, so that equal results print as equal bytes; never gives −0. */
export function roundTo(decimals: number, value: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale + 0;
}

export const roundProbability = (p: number): number => roundTo(4, p);
export const roundAffect = (x: number): number => roundTo(3, x);
export const roundDecibel = (db: number): number => roundTo(1, db);
export const roundMs = (ms: number): number => roundTo(3, ms);
