import type { CapacityReport, LoadReport } from '../../load/index.js';
import { styled, type Terminal } from '../terminal.js';

/** The figures of one run, and whether it passed. */
export function renderReport(report: LoadReport, terminal: Pick<Terminal, 'colours'>): string {
  const { calls, feed, rampSeconds, seconds } = report;
  const lines = [
    `${calls} ${feed} calls for ${seconds} s after a ramp of ${rampSeconds} s; results from ${report.results}`,
    ...rows(report).map(([name, text]) => `  ${name.padEnd(10)}${text}`),
    ...report.troubled.map((call) => `  ${'call'.padEnd(10)}${troubleOf(call)}`),
    ...Object.entries(report.failures).map(([why, count]) => `  ${'feeds'.padEnd(10)}${count} × ${why}`),
    verdictLine(report, terminal),
  ];
  return `${lines.join('\n')}\n`;
}

export function renderCapacity({ calls, callsPerCore, steps }: CapacityReport): string {
  if (calls === 0) return `Not even ${steps[0]?.calls ?? 0} calls passed.\n`;
  const perCore = callsPerCore === null ? '' : `, ${callsPerCore} calls for each core kept busy`;
  return `Capacity: ${calls} calls at the same time${perCore}.\n`;
}

function rows(report: LoadReport): readonly (readonly [string, string])[] {
  const { delay, windows, feeds, player, servers } = report;
  const ms = (value: number | null): string => (value === null ? '–' : `${value} ms`);
  const leftOut = Object.entries(windows.leftOut).map(([why, count]) => `, ${count} left out (${why})`);
  return [
    [
      'delay',
      `p50 ${ms(delay.p50Ms)}, p90 ${ms(delay.p90Ms)}, p99 ${ms(delay.p99Ms)}, p99.9 ${ms(delay.p999Ms)}, most ${ms(delay.maxMs)}`,
    ],
    [
      'windows',
      `${windows.expected} expected, ${windows.lost} lost, ${windows.twice} twice${leftOut.join('')}`,
    ],
    [
      'feeds',
      `${report.carriedCalls} of ${report.calls} at the same time; ${feeds.completed} completed, ${feeds.refused} refused, ${feeds.interrupted} cut off`,
    ],
    [
      'player',
      `${player.cores} cores, loop delay p99 ${player.loopDelayP99Ms} ms, at most ${report.sentLateMaxMs} ms late`,
    ],
    ...(servers === null ? [] : [['servers', serversOf(servers, report.callsPerCore)] as const]),
  ];
}

function serversOf(
  { processes, cores, windowDelayP50Ms, windowDelayP99Ms }: NonNullable<LoadReport['servers']>,
  callsPerCore: number | null,
): string {
  const own = `${processes} asked, own window delay p50 ${windowDelayP50Ms ?? '–'} ms, p99 ${windowDelayP99Ms ?? '–'} ms`;
  return cores === null ? own : `${own}, ${cores} cores, ${callsPerCore ?? '–'} calls a core`;
}

function troubleOf({ callId, lost, leftOut, twice, firstLost }: LoadReport['troubled'][number]): string {
  const from = firstLost < 0 ? '' : ` from window ${firstLost} on`;
  return `${callId}: ${lost} lost${from}, ${leftOut} left out, ${twice} twice`;
}

function verdictLine({ verdict, player }: LoadReport, terminal: Pick<Terminal, 'colours'>): string {
  const late = player.late
    ? ' The player itself was late: what it says of delays may be its own. Run it on a machine with more room.'
    : '';
  if (verdict.passed) return `${styled(terminal, 'green', '✓')} passed.${late}`;
  return `${styled(terminal, 'red', '✗')} failed: ${verdict.reasons.join('; ')}.${late}`;
}
