import type { LoadReport } from '../../src/load/index.js';
import type { Taken } from './steps.js';

/** How a step was felt by those who wait for points. */
export interface Felt {
  readonly step: string;
  /** How long somebody was away. */
  readonly awaySeconds: number;
  /** The longest delay of a point, from the step's beginning to its recovery; null where no point came. */
  readonly worstMs: number | null;
  /**
   * From the end of the step to the first second from which on p99 stays under the limit for {@link STEADY_SECONDS}; 0 where it never
   * left, null where it did not come back before the next step.
   */
  readonly recoveredAfterSeconds: number | null;
}

/** So many good seconds in a row are a recovery. */
export const STEADY_SECONDS = 3;

/** @param report whose timeline counts seconds from `startedAt` */
export function feltOf(report: LoadReport, taken: readonly Taken[]): readonly Felt[] {
  const startedAt = Date.parse(report.startedAt);
  const second = (at: number) => Math.floor((at - startedAt) / 1000);
  return taken.map((step, n) => {
    const next = taken[n + 1];
    const [from, to] = [second(step.fromAt), second(step.toAt)];
    const until = next === undefined ? Number.POSITIVE_INFINITY : second(next.fromAt);
    return {
      step: step.step,
      awaySeconds: Math.round((step.toAt - step.fromAt) / 100) / 10,
      worstMs: worstIn(report, from, until),
      recoveredAfterSeconds: recoveredAfter(report, from, to, until),
    };
  });
}

function worstIn({ timeline }: LoadReport, from: number, until: number): number | null {
  const delays = timeline
    .filter(({ second }) => second >= from && second < until)
    .map(({ maxMs }) => maxMs ?? 0);
  return delays.length === 0 ? null : Math.max(...delays);
}

function recoveredAfter(
  { timeline, limits }: LoadReport,
  from: number,
  to: number,
  until: number,
): number | null {
  const p99 = new Map(timeline.map(({ second, p99Ms }) => [second, p99Ms]));
  const isGood = (second: number) => {
    const found = p99.get(second);
    return found !== undefined && found !== null && found < limits.maxP99Ms;
  };
  const last = Math.min(until, Math.max(...p99.keys()) + 1);
  const bad = [...p99.keys()].filter((second) => second >= from && second < last && !isGood(second));
  const missing = range(from, last).filter((second) => !p99.has(second));
  const lastBad = Math.max(-1, ...bad, ...missing);
  if (lastBad < from) return 0;
  return last - lastBad - 1 < STEADY_SECONDS ? null : Math.max(0, lastBad + 1 - to);
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
