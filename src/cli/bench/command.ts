import type { Command } from 'commander';
import type { CapacityReport, LoadOptions, LoadReport } from '../../load/index.js';
import { type CommandContext, ExitCode } from '../context.js';
import { addFeedOptions } from '../feed-options.js';
import { duration } from '../kafka/options.js';
import { number, wholeNumber } from '../training/options.js';
import type { LoadFlags } from './load-options.js';

/** `undertone bench load`: how an installation bears so many calls. */
export function registerBench(program: Command, context: CommandContext): void {
  const bench = program.command('bench').description('measure an installation');
  const load = bench
    .command('load')
    .description('play calls in real time into an installation; exit code 1 if it does not bear them')
    .option('--calls <n>', 'calls at the same time; with --find-capacity the first try', wholeNumber, 10)
    .option('--recordings <file...>', 'what is played (default: the synthetic calls that come along)')
    .option('--duration <time>', 'how long all calls are played', duration, duration('60s'))
    .option('--ramp <time>', 'calls begin spread over so long', duration, duration('10s'))
    .option('--grace <time>', 'how long after its end a call may miss windows', duration, duration('10s'))
    .option('--results <where>', 'console (http://HOST:PORT), or kafka by --config (default: by --url)')
    .option('--results-token-env <name>', 'environment variable that holds a token of the console')
    .option('--metrics <url...>', 'metrics pages of all processes (default: those at --url and --results)')
    .option('--max-p99 <ms>', 'limit: 99 of 100 windows come sooner', number, 500)
    .option('--max-lost <n>', 'limit: windows lost or left out', wholeNumber, 0)
    .option('--max-failed-feeds <n>', 'limit: feeds refused or cut off', wholeNumber, 0)
    .option('--find-capacity', 'raise the calls until a limit breaks', false)
    .option('--out <file>', 'keep the result as JSON');
  addFeedOptions(load).action((flags: LoadFlags) => benchLoad(context, flags));
}

async function benchLoad(context: CommandContext, flags: LoadFlags): Promise<void> {
  const [{ loadOptionsOf }, load, { renderCapacity, renderReport }, { keepResult }] = await Promise.all([
    import('./load-options.js'),
    import('../../load/index.js'),
    import('./render.js'),
    import('./keep-result.js'),
  ]);
  const { terminal } = context;
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const options: LoadOptions = {
    ...(await loadOptionsOf(flags, context)),
    signal: stop.signal,
    ...progressLine(context),
  };
  const print = (report: LoadReport): void => terminal.out(renderReport(report, terminal));
  let result: LoadReport | CapacityReport;
  if (flags.findCapacity) {
    result = await load.findCapacity(options, print);
    terminal.out(renderCapacity(result));
  } else {
    result = await load.runLoad(options);
    print(result);
  }
  if (flags.out !== undefined) await keepResult(flags.out, flags.findCapacity ? 'capacity' : 'load', result);
  if ('verdict' in result ? !result.verdict.passed : result.calls === 0) throw new ExitCode(1);
}

/** One line that is written over and over, on terminals alone. */
function progressLine({ terminal }: CommandContext): Pick<LoadOptions, 'onProgress'> {
  if (!terminal.colours) return {};
  return {
    onProgress: ({ phase, calls, elapsedMs, points }) =>
      terminal.err(`\r${calls} calls, ${phase}, ${Math.round(elapsedMs / 1000)} s, ${points} points \r`),
  };
}
