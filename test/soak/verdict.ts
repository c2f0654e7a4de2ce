import type { LoadReport } from '../../src/load/index.js';
import type { Reading } from './readings.js';

/** How memory moved once the process was warm. */
export interface Growth {
  /** Mean of the second sixth of the time, when caches and pools have filled … */
  readonly warmMib: number;
  /** … and of the last sixth. */
  readonly lastMib: number;
  readonly mostMib: number;
}

/** More than so much of its warm size is growth. */
export const FLAT = 0.05;

/** @param readings at even distances, at least six */
export function growthOf(readings: readonly Reading[]): Growth {
  const sixth = Math.floor(readings.length / 6);
  const mean = (part: readonly Reading[]) =>
    Math.round(part.reduce((sum, { residentMib }) => sum + residentMib, 0) / part.length);
  return {
    warmMib: mean(readings.slice(sixth, 2 * sixth)),
    lastMib: mean(readings.slice(-sixth)),
    mostMib: Math.max(...readings.map(({ residentMib }) => residentMib)),
  };
}

/** Memory stayed, no window was lost or came twice, and the load test's own limits held. */
export function isPassed({ verdict }: Pick<LoadReport, 'verdict'>, { warmMib, lastMib }: Growth): boolean {
  return verdict.passed && lastMib <= (1 + FLAT) * warmMib;
}
