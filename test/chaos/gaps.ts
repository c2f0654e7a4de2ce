import { type CallPlan, isSmooth } from './call-plan.js';
import type { Result } from './results.js';

/** A time in which a call that went on got no point, by the broker's clock. */
export interface Gap {
  readonly callId: string;
  readonly fromAt: number;
  readonly toAt: number;
}

/** The longest of them and how it lies to a fault. */
export interface Silence {
  readonly longestMs: number;
  /** From the fault to the end of the longest gap that it fell into: how long the unluckiest call waited. */
  readonly takeoverMs: number;
}

/** The gaps between the points of calls that have sound from end to end. */
export function gapsOf(points: readonly Result[], plans: readonly CallPlan[]): readonly Gap[] {
  const smooth = new Set(plans.filter(isSmooth).map(({ callId }) => callId));
  for (const { callId, seed } of plans) if (seed.endsWith('/again')) smooth.delete(callId);
  const last = new Map<string, number>();
  const gaps: Gap[] = [];
  for (const { callId, record } of points) {
    if (!smooth.has(callId)) continue;
    const fromAt = last.get(callId);
    if (fromAt !== undefined) gaps.push({ callId, fromAt, toAt: record.timestampMs });
    last.set(callId, record.timestampMs);
  }
  return gaps;
}

/** @param untilAt what begins after it has other causes */
export function silenceAfter(gaps: readonly Gap[], faultAt: number, untilAt: number): Silence {
  const met = gaps.filter(({ fromAt, toAt }) => toAt > faultAt && fromAt < untilAt);
  const struck = met.filter(({ fromAt }) => fromAt <= faultAt);
  return {
    longestMs: Math.max(0, ...met.map(({ fromAt, toAt }) => toAt - fromAt)),
    takeoverMs: Math.max(0, ...struck.map(({ toAt }) => toAt - faultAt)),
  };
}

/** The longest gap of each call in a time, shortest first. */
export function longestPerCall(gaps: readonly Gap[], fromAt: number, toAt: number): readonly number[] {
  const longest = new Map<string, number>();
  for (const gap of gaps) {
    if (gap.toAt <= fromAt || gap.fromAt >= toAt) continue;
    longest.set(gap.callId, Math.max(longest.get(gap.callId) ?? 0, gap.toAt - gap.fromAt));
  }
  return [...longest.values()].sort((a, b) => a - b);
}
