import type { DelayFigures, SecondFigures } from './delays.js';
import type { LanesOutcome } from './lanes.js';
import type { Ledger } from './ledger.js';
import type { LoadOptions } from './options.js';
import type { PlayerFigures } from './player-watch.js';
import { type ServerFigures, type ServerReading, serverFigures } from './servers.js';
import type { Tally } from './tally.js';
import { type Limits, type Verdict, verdictOf } from './verdict.js';

/** Result of one run, as it is printed and kept. */
export interface LoadReport {
  readonly startedAt: string;
  readonly feed: string;
  readonly url: string;
  /** Where the results were seen. */
  readonly results: string;
  readonly calls: number;
  /** Calls that were sending at the same time, on the average. */
  readonly carriedCalls: number;
  readonly rampSeconds: number;
  readonly seconds: number;
  readonly limits: Limits;
  readonly verdict: Verdict;
  /** From the moment in which the last sample of a window was sent to the moment in which its point was seen. */
  readonly delay: DelayFigures;
  readonly windows: Tally['windows'];
  readonly feeds: Tally['calls'];
  readonly failures: LanesOutcome['failures'];
  readonly troubled: Tally['troubled'];
  readonly interruptions: number;
  readonly player: PlayerFigures;
  /** How far a call fell behind its schedule at worst: its audio then came in a burst. */
  readonly sentLateMaxMs: number;
  readonly servers: ServerFigures | null;
  /** Calls for each core that the processes of the installation kept busy; null where they do not say. */
  readonly callsPerCore: number | null;
  readonly timeline: readonly SecondFigures[];
}

export interface Measured {
  readonly options: LoadOptions;
  readonly startedAt: string;
  readonly place: string;
  readonly ledger: Pick<Ledger, 'tally' | 'delays'>;
  readonly outcome: LanesOutcome;
  readonly interruptions: number;
  readonly before: readonly (ServerReading | null)[];
  readonly after: readonly (ServerReading | null)[];
  readonly seconds: number;
  readonly carriedCalls: number;
  readonly player: PlayerFigures;
  readonly steadyFromSecond: number;
}

export function reportOf(measured: Measured): LoadReport {
  const { options, ledger, outcome, interruptions, before, after, seconds, player } = measured;
  const { calls, feed, limits, rampMs } = options;
  const { carriedCalls } = measured;
  const { tally } = ledger;
  const delay = ledger.delays.figures(measured.steadyFromSecond);
  const servers = serverFigures(before, after, seconds) ?? null;
  return {
    startedAt: measured.startedAt,
    feed,
    url: options.url,
    results: measured.place,
    calls,
    carriedCalls: Math.round(10 * carriedCalls) / 10,
    rampSeconds: rampMs / 1000,
    seconds: Math.round(seconds),
    limits,
    verdict: verdictOf({ calls, carriedCalls, tally, delays: delay, interruptions }, limits),
    delay,
    windows: tally.windows,
    feeds: tally.calls,
    failures: outcome.failures,
    troubled: tally.troubled,
    interruptions,
    player,
    sentLateMaxMs: Math.round(outcome.latestMs),
    servers,
    callsPerCore: servers?.cores ? Math.round(calls / servers.cores) : null,
    timeline: ledger.delays.timeline(),
  };
}
