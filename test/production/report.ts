import type { LoadReport } from '../../src/load/index.js';
import type { ProductionOptions } from './options.js';
import type { PanelReading } from './panels.js';
import type { Felt } from './recovery.js';

export interface ProductionRun {
  readonly options: ProductionOptions;
  readonly report: LoadReport;
  readonly felt: readonly Felt[];
  readonly shown: readonly PanelReading[];
  /** Deaths that nobody had ordered. */
  readonly complaints: readonly string[];
}

/** So long after a step p99 may stand above its limit. */
const RECOVERY_LIMIT_SECONDS = 10;

/** Nothing lost, nothing twice, nobody dead unasked, and p99 soon back after each step. */
export function isPassed({ report, felt, complaints }: ProductionRun): boolean {
  const { lost, twice } = report.windows;
  const late = felt.filter(
    ({ recoveredAfterSeconds: after }) => after === null || after > RECOVERY_LIMIT_SECONDS,
  );
  return lost === 0 && twice === 0 && complaints.length === 0 && late.length === 0;
}

/** For people. */
export function describeRun(run: ProductionRun): string {
  const { report, felt, complaints } = run;
  const { windows, delay, feeds } = report;
  const rows = felt.map(
    ({ step, awaySeconds, worstMs, recoveredAfterSeconds }) =>
      `${step.padEnd(18)} ${awaySeconds.toFixed(1).padStart(7)} ${(worstMs ?? Number.NaN).toFixed(0).padStart(10)}   ${recoveredAfterSeconds ?? 'not before the next step'}`,
  );
  return [
    '',
    'step                away s   worst ms   p99 < limit again after s',
    ...rows,
    '',
    `windows ${JSON.stringify(windows)}`,
    `feeds   ${JSON.stringify(feeds)}`,
    `delay   ${JSON.stringify(delay)}`,
    ...complaints.map((text) => `! ${text}`),
    isPassed(run) ? 'PASSED' : 'FAILED',
  ].join('\n');
}
