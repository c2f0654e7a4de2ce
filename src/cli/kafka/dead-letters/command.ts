import type { Command } from 'commander';
import type { CommandContext } from '../../context.js';
import { wholeNumber } from '../../training/options.js';
import { duration } from '../options.js';
import type { LetterFilter } from './letter.js';
import type { ReplayCounts } from './replay.js';

interface FilterFlags {
  readonly since?: number;
  readonly reason?: string;
  readonly call?: string;
  readonly limit: number;
}

/** `undertone dead-letters list|replay`: records that no worker could use. */
export function registerDeadLetters(program: Command, context: CommandContext): void {
  const letters = program
    .command('dead-letters')
    .description('look at the records that could not be used, and send them once more');
  filtered(letters.command('list'), 'the newest, at most so many', 100)
    .description('print time, reason, origin, call, type and size of dead letters, never what was said')
    .option('--json', 'one JSON document a line', false)
    .action((flags: FilterFlags & { json: boolean }) => list(context, flags));
  filtered(letters.command('replay'), 'at most so many', 10_000)
    .description('append dead letters to the topic they came from, as they came')
    .option('--dry-run', 'only count', false)
    .action((flags: FilterFlags & { dryRun: boolean }) => replay(context, flags));
}

function filtered(command: Command, limitText: string, limit: number): Command {
  return command
    .option('--since <time>', 'not older than 90s, 15m, 1h, 7d (default: all)', duration)
    .option('--reason <code>', 'with this reason alone, such as UT_INGEST_BAD_RECORD')
    .option('--call <id>', 'of this call alone')
    .option('--limit <n>', limitText, wholeNumber, limit);
}

function filterOf({ since, reason, call }: FilterFlags, nowMs: number): LetterFilter {
  return { sinceMs: since === undefined ? Number.NEGATIVE_INFINITY : nowMs - since, reason, callId: call };
}

async function list(context: CommandContext, flags: FilterFlags & { json: boolean }): Promise<void> {
  const { terminal } = context;
  const { config, withBus, nowMs } = await prepare(context);
  const { listLetters, renderLetters } = await import('./list.js');
  const topic = config.bus.topics.deadLetters.name;
  await withBus(config, async (bus) => {
    const found = await listLetters(bus, topic, filterOf(flags, nowMs), flags.limit);
    if (!flags.json) return terminal.out(renderLetters(found));
    for (const row of found.rows) terminal.out(`${JSON.stringify(row)}\n`);
  });
}

async function replay(context: CommandContext, flags: FilterFlags & { dryRun: boolean }): Promise<void> {
  const { config, withBus, nowMs } = await prepare(context);
  const { replayLetters } = await import('./replay.js');
  const { deadLetters, audio, calls } = config.bus.topics;
  const plan = {
    deadLetters: deadLetters.name,
    audio: audio.name,
    calls: calls.name,
    filter: filterOf(flags, nowMs),
    limit: flags.limit,
    dryRun: flags.dryRun,
  };
  await withBus(config, async (bus) => {
    context.terminal.out(await renderCounts(await replayLetters(bus, plan), flags.dryRun));
  });
}

async function prepare(context: CommandContext) {
  const [{ kafkaConfig }, { withBus }] = await Promise.all([
    import('../kafka-config.js'),
    import('../open.js'),
  ]);
  return { config: await kafkaConfig(context), withBus, nowMs: Date.now() };
}

async function renderCounts(counts: ReplayCounts, dryRun: boolean): Promise<string> {
  const { OUTCOMES } = await import('./replay.js');
  const keys = Object.keys(OUTCOMES) as (keyof ReplayCounts)[];
  return keys
    .filter((key) => key === 'replayed' || counts[key] > 0)
    .map((key) => `${counts[key]} ${dryRun && key === 'replayed' ? 'would be ' : ''}${OUTCOMES[key]}\n`)
    .join('');
}
