import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parser for commander: `90s`, `15m`, `1h`, `7d`. @returns milliseconds */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new InvalidArgumentError('A time such as 90s, 15m, 1h or 7d is needed.');
  return Number(count) * UNIT_MS[unit]!;
}
