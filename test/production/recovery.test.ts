import { describe, expect, it } from 'vitest';
import type { LoadReport } from '../../src/load/index.js';
import { feltOf } from './recovery.js';

const STARTED = Date.parse('2026-01-01T00:00:00Z');

/** @param p99 of each second; null = a second in which no window was completed */
function reportOf(p99: readonly (number | null)[]): LoadReport {
  const timeline = p99.flatMap((p99Ms, second) =>
    p99Ms === null ? [] : [{ second, windows: 10, p50Ms: p99Ms / 2, p99Ms, maxMs: p99Ms + 1 }],
  );
  return {
    startedAt: new Date(STARTED).toISOString(),
    limits: { maxP99Ms: 500 },
    timeline,
  } as unknown as LoadReport;
}

const step = (fromSecond: number, toSecond: number) => ({
  step: 'restart worker-0',
  fromAt: STARTED + 1000 * fromSecond,
  toAt: STARTED + 1000 * toSecond,
});

describe('how a step was felt', () => {
  it('not at all where p99 never left its limit', () => {
    const [felt] = feltOf(reportOf(Array(10).fill(100)), [step(3, 5)]);
    expect(felt).toEqual({
      step: 'restart worker-0',
      awaySeconds: 2,
      worstMs: 101,
      recoveredAfterSeconds: 0,
    });
  });

  it('until the seconds are good again and stay so', () => {
    const report = reportOf([100, 100, 100, 2000, 900, 100, 700, 100, 100, 100]);
    expect(feltOf(report, [step(3, 5)])[0]).toMatchObject({ worstMs: 2001, recoveredAfterSeconds: 2 });
  });

  it('longer than the rest where the next step comes first, or the run ends', () => {
    const report = reportOf([100, 100, 900, 900, 900, 100, 900, 100]);
    const [first, second] = feltOf(report, [step(2, 3), step(5, 6)]);
    expect(first!.recoveredAfterSeconds).toBeNull();
    expect(second!.recoveredAfterSeconds).toBeNull();
  });

  it('in seconds without any window', () => {
    const report = reportOf([100, 100, null, null, 100, 100, 100]);
    expect(feltOf(report, [step(2, 3)])[0]!.recoveredAfterSeconds).toBe(1);
  });
});
