import { Command, CommanderError, type Command as Program } from 'commander';
import { closest } from 'fastest-levenshtein';
import { packageVersion } from '../app/package-version.js';
import { registerBench } from './bench/command.js';
import { registerClassify } from './classify/command.js';
import { type CommandContext, ExitCode, type GlobalOptions } from './context.js';
import { registerDoctor } from './doctor/command.js';
import { registerDeadLetters } from './kafka/dead-letters/command.js';
import { registerErase } from './kafka/erase/command.js';
import { registerTopics } from './kafka/topics/command.js';
import { registerExport } from './model/export.js';
import { registerImport } from './model/import.js';
import { registerReplay } from './replay-command.js';
import { describeError } from './report-error.js';
import { registerStart } from './start/command.js';
import type { Terminal } from './terminal.js';
import { registerEvaluate } from './training/evaluate.js';
import { registerOptimize } from './training/optimize.js';
import { registerPrepare } from './training/prepare.js';
import { registerReport } from './training/report.js';
import { registerTrain } from './training/train.js';

const COMMANDS = [
  registerStart,
  registerClassify,
  registerReplay,
  registerBench,
  registerPrepare,
  registerTrain,
  registerEvaluate,
  registerReport,
  registerOptimize,
  registerImport,
  registerExport,
  registerDoctor,
  registerTopics,
  registerDeadLetters,
  registerErase,
];
const USAGE_ERROR = 2;
const FAILURE = 1;

/** Runs one command line. @returns the exit code: 0, 1 for a failure, 2 for a command line that makes no sense */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = buildProgram(terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof ExitCode) return error.code;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
    terminal.err(describeError(error, terminal, program.opts<GlobalOptions>().debug));
    return FAILURE;
  }
}

function buildProgram(terminal: Terminal): Program {
  const program = new Command('undertone')
    .description(
      'Hears the emotion in live phone calls and says, about twice a second, how the customer sounds.',
    )
    .version(packageVersion(), '--version', 'print the version')
    .option('--config <file>', 'configuration file (default: undertone.yaml, if there is one)')
    .option('--set <path=value>', 'one setting, as often as needed: --set http.port=9000', collect, [])
    .option(
      '--print-config',
      'print the configuration in effect, secrets redacted, and do nothing else',
      false,
    )
    .option('--debug', 'print stacks with errors', false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
  const context = contextOf(program, terminal);
  program.allowExcessArguments().action(() => answerBare(program, context));
  program.hook('preAction', async (_, command) => {
    if (command === program || !program.opts<GlobalOptions>().printConfig) return;
    await printConfiguration(context);
    throw new ExitCode(0);
  });
  for (const register of COMMANDS) register(program, context);
  return program;
}

function contextOf(program: Program, terminal: Terminal): CommandContext {
  return {
    terminal,
    async loadConfig(flags = []) {
      const { config, set } = program.opts<GlobalOptions>();
      const { loadConfig } = await import('../config/index.js');
      return loadConfig({ file: config, flags: [...flags, ...set] });
    },
  };
}

async function answerBare(program: Program, context: CommandContext): Promise<void> {
  const [unknown] = program.args;
  if (unknown !== undefined) return refuseCommand(program, unknown);
  if (program.opts<GlobalOptions>().printConfig) return printConfiguration(context);
  program.outputHelp({ error: true });
  throw new ExitCode(USAGE_ERROR);
}

function refuseCommand(program: Program, name: string): never {
  const nearest = closest(
    name,
    program.commands.map((command) => command.name()),
  );
  return program.error(
    `error: unknown command '${name}'. Did you mean '${nearest}'? \`undertone --help\` lists them all.`,
  );
}

async function printConfiguration(context: CommandContext): Promise<void> {
  const { printConfig } = await import('../config/index.js');
  context.terminal.out(printConfig(await context.loadConfig()));
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
