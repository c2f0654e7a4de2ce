import { isatty } from 'node:tty';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';

const STANDARD_INPUT = 0;

/** `undertone start`: gateway, worker and console in this process, until it is told to stop. */
export function registerStart(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description('take feeds in, analyse calls and serve the console')
    .option('--demo', 'play synthetic demo calls (--set demo.enabled=true)')
    .action(async (options: { demo?: boolean }) => {
      const load = () => context.loadConfig(options.demo ? ['demo.enabled=true'] : []);
      const { config } = await load();
      const [
        { createApp },
        { createEventLog, createLogger, standardError },
        { runService },
        { systemClock },
      ] = await Promise.all([
        import('../../app.js'),
        import('../../telemetry/index.js'),
        import('./run-service.js'),
        import('../../clock.js'),
      ]);
      const onLost = (lines: number) => events.report('log-lines-lost', { lines });
      const destination = standardError(onLost);
      const logger = createLogger(config.log, destination);
      const events = createEventLog(logger);
      const hadTerminal = isatty(STANDARD_INPUT);
      const app = createApp(config, { logger, logLinesLost: () => destination.linesLost });
      const reload = async () => app.changeModel((await load()).config.model);
      await runService(Object.assign(app, { reload }), {
        events,
        clock: systemClock,
        host: process,
        drainMs: config.shutdown.drainMs,
        terminalIsGone: () => hadTerminal && !isatty(STANDARD_INPUT),
        announce: (url) => context.terminal.out(welcome(url, config.demo.enabled)),
      });
    });
}

/** What the operator reads once everything is up. */
export function welcome(url: string, demo: boolean): string {
  const next = demo
    ? 'Open it: synthetic demo calls are playing.'
    : 'Open it; no call is connected yet. `undertone replay FILE` or `undertone start --demo` makes one.';
  return `Undertone is listening: ${url}\n${next} Ctrl-C finishes the calls and stops.\n`;
}
