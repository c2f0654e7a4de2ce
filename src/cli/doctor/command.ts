import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { UndertoneError } from '../../errors.js';
import { type CommandContext, ExitCode } from '../context.js';
import type { Check } from './check.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** `undertone doctor`: is everything here that Undertone needs, and what to do where it is not. */
export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description(
      'check this machine, and what the configuration names: model, port, limits, Kafka, Redis, certificates',
    )
    .option('--json', 'the findings as one JSON document', false)
    .action(async ({ json }: { json: boolean }) => {
      const { isBroken, runChecks } = await import('./check.js');
      const { renderReport } = await import('./report.js');
      const results = await runChecks(await checksFor(context));
      const { terminal } = context;
      terminal.out(json ? `${JSON.stringify(results, null, 2)}\n` : renderReport(results, terminal));
      if (isBroken(results)) throw new ExitCode(1);
    });
}

async function checksFor(context: CommandContext): Promise<readonly Check[]> {
  const [system, optional, { systemSearch }] = await Promise.all([
    import('./system-checks.js'),
    import('./optional-checks.js'),
    import('./programs.js'),
  ]);
  return [
    system.nodeCheck(process.versions.node),
    system.platformCheck(`${process.platform}-${process.arch}`),
    system.buildCheck(ROOT),
    ...(await configuredChecks(context)),
    ...optional.trainingChecks(ROOT),
    ...optional.programChecks(systemSearch(process.env)),
  ];
}

/** Without a configuration that holds there is neither a model nor a port to look at. */
async function configuredChecks(context: CommandContext): Promise<readonly Check[]> {
  const { modelChecks } = await import('./model-checks.js');
  const { portCheck } = await import('./port-check.js');
  const { resourceChecks } = await import('./resource-checks.js');
  const { systemResources } = await import('./system-resources.js');
  const { serverChecks } = await import('./server-checks.js');
  const { findingOf, ok } = await import('./check.js');
  const base = { name: 'Configuration', required: true, neededFor: 'everything' };
  try {
    const { config } = await context.loadConfig();
    return [
      { ...base, run: () => ok('valid') },
      ...(config.roles.includes('worker') ? modelChecks(config.model) : []),
      portCheck(config.http),
      ...resourceChecks(config, await systemResources(process.cwd())),
      ...serverChecks(config),
    ];
  } catch (error) {
    if (!(error instanceof UndertoneError)) throw error;
    return [{ ...base, run: () => findingOf(error) }];
  }
}
