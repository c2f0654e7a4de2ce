import { setTimeout as sleep } from 'node:timers/promises';
import { type CapacityStep, capacityOf, nextCalls } from './capacity.js';
import type { LoadOptions } from './options.js';
import type { LoadReport } from './report.js';
import { runLoad } from './run-load.js';

/** Rest between two tries, for what the last one left behind. */
const REST_MS = 3000;

export interface CapacityReport {
  /** Most calls that passed; 0 where not even the first try did. */
  readonly calls: number;
  /** Of the try with so many; null where the processes of the installation do not say. */
  readonly callsPerCore: number | null;
  /** Every try, in order, without its seconds. */
  readonly steps: readonly Omit<LoadReport, 'timeline'>[];
}

/** Raises the number of calls from `options.calls` until the verdict fails, then narrows it down. */
export async function findCapacity(
  options: LoadOptions,
  onStep: (report: LoadReport) => void,
  run = runLoad,
): Promise<CapacityReport> {
  const steps: Omit<LoadReport, 'timeline'>[] = [];
  const tried: CapacityStep[] = [];
  for (
    let calls = nextCalls(tried, options.calls);
    calls !== undefined && !options.signal?.aborted;
    calls = nextCalls(tried, options.calls)
  ) {
    if (tried.length > 0) await sleep(REST_MS);
    const report = await run({ ...options, calls });
    const { timeline: _, ...step } = report;
    tried.push({ calls, passed: report.verdict.passed });
    steps.push(step);
    onStep(report);
  }
  const calls = capacityOf(tried);
  return { calls, callsPerCore: steps.find((step) => step.calls === calls)?.callsPerCore ?? null, steps };
}
