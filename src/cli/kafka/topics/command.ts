import { type Command, Option } from 'commander';
import type { TopicAdmin, TopicDefinition } from '../../../bus/index.js';
import { type CommandContext, ExitCode } from '../../context.js';
import { registerAcls } from '../acls/command.js';
import { ALLOWANCES, type Allowance } from './changes.js';

/** `undertone topics diff|apply`: the topics on the cluster, and how the configuration wants them. */
export function registerTopics(program: Command, context: CommandContext): void {
  const topics = program
    .command('topics')
    .description('compare topics and rights of Kafka with the configuration, and create what is missing');
  topics
    .command('diff')
    .description('say what is missing or differs; exit code 1 if anything does')
    .action(() => runTopics(context, null));
  topics
    .command('apply')
    .description('create what is missing, and change settings where that touches nothing that a topic holds')
    .addOption(
      new Option('--allow <what...>', 'change these settings too, although it touches what topics hold')
        .choices(Object.keys(ALLOWANCES))
        .default([]),
    )
    .action(({ allow }: { allow: readonly Allowance[] }) => runTopics(context, new Set(allow)));
  registerAcls(topics, context);
}

/** @param allowed null where nothing is changed at all */
async function runTopics(context: CommandContext, allowed: ReadonlySet<Allowance> | null): Promise<void> {
  const [{ topicDefinitionsOf }, { withTopicAdmin }, { kafkaConfig }] = await Promise.all([
    import('../../../app/topic-definitions.js'),
    import('../open.js'),
    import('../kafka-config.js'),
  ]);
  const config = await kafkaConfig(context);
  const brokers = config.bus.kafka.brokers.join(',');
  await withTopicAdmin(config, (admin) =>
    reportTopics(admin, topicDefinitionsOf(config), { allowed, brokers, terminal: context.terminal }),
  );
}

interface ReportOptions extends Pick<CommandContext, 'terminal'> {
  /** What `apply` may touch; null compares only. */
  readonly allowed: ReadonlySet<Allowance> | null;
  /** As Kafka's own tools take them. */
  readonly brokers: string;
}

/** @throws ExitCode 1 where something is not as wanted in the end */
export async function reportTopics(
  admin: TopicAdmin,
  wanted: readonly TopicDefinition[],
  { allowed, brokers, terminal }: ReportOptions,
): Promise<void> {
  const { changeSettings, createMissing, inspectTopics } = await import('./inspect.js');
  const { isAsWanted, renderTopics } = await import('./report.js');
  let findings = await inspectTopics(admin, wanted);
  const created = allowed === null ? [] : await createMissing(admin, findings);
  for (const name of created) terminal.out(`+ ${name} created\n`);
  const changed = allowed === null ? [] : await changeSettings(admin, findings, allowed);
  for (const line of changed) terminal.out(`~ ${line}\n`);
  if (created.length + changed.length > 0) findings = await inspectTopics(admin, wanted);
  terminal.out(renderTopics(findings, brokers, terminal));
  if (!isAsWanted(findings)) throw new ExitCode(1);
}
