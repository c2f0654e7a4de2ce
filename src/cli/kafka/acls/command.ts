import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { KAFKA_TASKS, type KafkaTask, rightsOf } from '../../../app/kafka-rights.js';
import { type AclAdmin, describeRight, type Grant, type KafkaRight } from '../../../bus/index.js';
import type { Config } from '../../../config/index.js';
import { UndertoneError } from '../../../errors.js';
import { type CommandContext, ExitCode } from '../../context.js';
import type { AclFinding, Wanted } from './compare.js';

/** Principals by who they are for; each may be named several times. */
interface AclFlags {
  readonly gateway: readonly string[];
  readonly worker: readonly string[];
  readonly console: readonly string[];
  readonly operator: readonly string[];
  readonly apply: boolean;
}

const LOOKS = 20;
const LOOK_EVERY_MS = 100;

const ROLES = ['gateway', 'worker', 'console'] as const;
/** The commands: one operator runs them all. */
const COMMANDS: readonly KafkaTask[] = KAFKA_TASKS.filter((task) => !ROLES.some((role) => role === task));

/** `undertone topics acls`: who may do what on the cluster, and who has to. */
export function registerAcls(topics: Command, context: CommandContext): void {
  const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];
  topics
    .command('acls')
    .description('print the rights that each role needs; with principals, compare them with the cluster')
    .option(
      '--gateway <principal>',
      'who runs gateways: User:NAME, or User:CN=… with certificates',
      collect,
      [],
    )
    .option('--worker <principal>', 'who runs workers', collect, [])
    .option('--console <principal>', 'who runs consoles', collect, [])
    .option('--operator <principal>', 'who runs the commands', collect, [])
    .option('--apply', 'add what is missing; nothing is ever taken away', false)
    .action((flags: AclFlags) => runAcls(context, flags));
}

async function runAcls(context: CommandContext, flags: AclFlags): Promise<void> {
  const { kafkaConfig } = await import('../kafka-config.js');
  const { renderNeeds } = await import('./report.js');
  const config = await kafkaConfig(context);
  const wanted = wantedOf(config, flags);
  if (wanted.length === 0) {
    const needs = KAFKA_TASKS.map((task) => ({ task, rights: rightsOf(task, config) }));
    context.terminal.out(renderNeeds(needs));
    return;
  }
  const { withAclAdmin } = await import('../open.js');
  const brokers = config.bus.kafka.brokers.join(',');
  const options = { applies: flags.apply, brokers, terminal: context.terminal };
  await withAclAdmin(config, (admin) => reportAcls(admin, wanted, options));
}

/** @throws UT_CLI_PRINCIPAL */
function wantedOf(config: Config, flags: AclFlags): readonly Wanted[] {
  const operator = distinct(COMMANDS.flatMap((command) => rightsOf(command, config)));
  const named = (task: keyof typeof flags & string, rights: readonly KafkaRight[]): readonly Wanted[] =>
    (flags[task] as readonly string[]).map((principal) => ({ task, principal: checked(principal), rights }));
  return [...ROLES.flatMap((role) => named(role, rightsOf(role, config))), ...named('operator', operator)];
}

/** The commands need much of the same. */
function distinct(rights: readonly KafkaRight[]): readonly KafkaRight[] {
  return [...new Map(rights.map((right) => [describeRight(right), right])).values()];
}

function checked(principal: string): string {
  if (/^User:.+$/.test(principal) && principal !== 'User:*') return principal;
  throw new UndertoneError('UT_CLI_PRINCIPAL', `"${principal}" names nobody.`);
}

interface ReportOptions extends Pick<CommandContext, 'terminal'> {
  readonly applies: boolean;
  readonly brokers: string;
}

const lacks = (findings: readonly AclFinding[]): boolean =>
  findings.some(({ missing }) => missing.length > 0);

/** A broker that is asked at once may not have heard of what another one was just told. */
async function listed(
  admin: AclAdmin,
  compare: (grants: readonly Grant[]) => readonly AclFinding[],
): Promise<readonly AclFinding[]> {
  for (let look = 1; ; look++) {
    const findings = compare(await admin.list());
    if (look === LOOKS || !lacks(findings)) return findings;
    await sleep(LOOK_EVERY_MS);
  }
}

/** @throws ExitCode 1 where somebody may not do what is needed in the end */
export async function reportAcls(
  admin: AclAdmin,
  wanted: readonly Wanted[],
  { applies, brokers, terminal }: ReportOptions,
): Promise<void> {
  const { compareAcls, isAsWanted } = await import('./compare.js');
  const { renderAcls } = await import('./report.js');
  let findings = compareAcls(wanted, await admin.list());
  if (applies && lacks(findings)) {
    for (const { principal, missing, task } of findings) {
      if (missing.length === 0) continue;
      await admin.allow(principal, missing);
      terminal.out(`+ ${task} ${principal}: ${missing.length} rights added\n`);
    }
    findings = await listed(admin, (grants) => compareAcls(wanted, grants));
  }
  terminal.out(renderAcls(findings, brokers, terminal));
  if (!isAsWanted(findings)) throw new ExitCode(1);
}
