import type { DelayFigures } from './delays.js';
import { type Tally, totalOf } from './tally.js';

/** What an installation has to hold to pass. */
export interface Limits {
  /** 99 of 100 windows come sooner than this after their last sample was sent, ms. */
  readonly maxP99Ms: number;
  /** Windows that may be lost or left out. */
  readonly maxLost: number;
  /** Feeds that may be refused or cut off. */
  readonly maxFailedFeeds: number;
}

export interface Verdict {
  readonly passed: boolean;
  /** Why it did not pass. */
  readonly reasons: readonly string[];
}

export interface Observed {
  /** Calls that were asked for, and those that were sending at the same time, on the average. */
  readonly calls: number;
  readonly carriedCalls: number;
  readonly tally: Tally;
  readonly delays: DelayFigures;
  /** Times at which the results were out of sight. */
  readonly interruptions: number;
}

/** Calls end, and the next begins: a little less than all are under way. */
const CARRIED_SHARE = 0.9;

export function verdictOf(observed: Observed, limits: Limits): Verdict {
  const { calls, carriedCalls } = observed;
  const reasons = [
    ...(carriedCalls < Math.floor(CARRIED_SHARE * calls)
      ? [`only ${Math.round(carriedCalls)} of ${calls} calls were under way, on the average`]
      : []),
    ...delayReasons(observed.delays, limits),
    ...windowReasons(observed.tally, limits),
    ...feedReasons(observed.tally, limits),
    ...(observed.interruptions === 0
      ? []
      : ['the stream of results broke, and what came meanwhile was not seen: windows may count as lost']),
  ];
  return { passed: reasons.length === 0, reasons };
}

function delayReasons({ p99Ms }: DelayFigures, { maxP99Ms }: Limits): readonly string[] {
  if (p99Ms === null) return ['no window came back'];
  return p99Ms < maxP99Ms ? [] : [`p99 of the delay is ${p99Ms} ms, the limit is ${maxP99Ms} ms`];
}

function windowReasons({ windows }: Tally, { maxLost }: Limits): readonly string[] {
  const leftOut = totalOf(windows.leftOut);
  const why = Object.keys(windows.leftOut).join(', ');
  const missing = windows.lost + leftOut;
  return [
    ...(missing > maxLost
      ? [`${windows.lost} windows lost, ${leftOut} left out${why === '' ? '' : ` (${why})`}`]
      : []),
    ...(windows.twice > 0 ? [`${windows.twice} windows came twice`] : []),
  ];
}

function feedReasons({ calls }: Tally, { maxFailedFeeds }: Limits): readonly string[] {
  const { refused, interrupted } = calls;
  return refused + interrupted > maxFailedFeeds ? [`${refused} feeds refused, ${interrupted} cut off`] : [];
}
