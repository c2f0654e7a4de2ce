import type { Command } from 'commander';
import type { TopicAdmin, TopicDefinition } from '../../../bus/index.js';
import { type CommandContext, ExitCode } from '../../context.js';
import { registerAcls } from '../acls/command.js';

/** `undertone topics diff|apply`: the topics on the cluster, and how the configuration wants them. */
export function registerTopics(program: Command, context: CommandContext): void {
  const topics = program
    .command('topics')
    .description('compare topics and rights of Kafka with the configuration, and create what is missing');
  topics
    .command('diff')
    .description('say what is missing or differs; exit code 1 if anything does')
    .action(() => runTopics(context, false));
  topics
    .command('apply')
    .description(
      'create what is missing; what differs is not changed, but the commands that do it are printed',
    )
    .action(() => runTopics(context, true));
  registerAcls(topics, context);
}

async function runTopics(context: CommandContext, creates: boolean): Promise<void> {
  const [{ topicDefinitionsOf }, { withTopicAdmin }, { kafkaConfig }] = await Promise.all([
    import('../../../app/topic-definitions.js'),
    import('../open.js'),
    import('../kafka-config.js'),
  ]);
  const config = await kafkaConfig(context);
  const brokers = config.bus.kafka.brokers.join(',');
  await withTopicAdmin(config, (admin) =>
    reportTopics(admin, topicDefinitionsOf(config), { creates, brokers, terminal: context.terminal }),
  );
}

interface ReportOptions extends Pick<CommandContext, 'terminal'> {
  readonly creates: boolean;
  /** As Kafka's own tools take them. */
  readonly brokers: string;
}

/** @throws ExitCode 1 where something is not as wanted in the end */
export async function reportTopics(
  admin: TopicAdmin,
  wanted: readonly TopicDefinition[],
  { creates, brokers, terminal }: ReportOptions,
): Promise<void> {
  const { createMissing, inspectTopics } = await import('./inspect.js');
  const { isAsWanted, renderTopics } = await import('./report.js');
  let findings = await inspectTopics(admin, wanted);
  const created = creates ? await createMissing(admin, findings) : [];
  for (const name of created) terminal.out(`+ ${name} created\n`);
  if (created.length > 0) findings = await inspectTopics(admin, wanted);
  terminal.out(renderTopics(findings, brokers, terminal));
  if (!isAsWanted(findings)) throw new ExitCode(1);
}
