import { rightsOf } from '../../app/kafka-rights.js';
import { type ClusterProbe, describeRight, type KafkaRight } from '../../bus/index.js';
import type { Config } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import type { Finding } from './check.js';
import { type Check, failed, findingOf, ok, warning } from './check.js';

/** Opens a probe to some brokers; it is connected by whoever asked for it. */
export type OpenProbe = (brokers: readonly string[]) => Promise<ClusterProbe>;

/** Clocks that are further apart than this make delays and expiries wrong. */
export const MAX_SKEW_MS = 2000;

const base = { required: true, neededFor: 'bus.kind: kafka' } as const;
const NOT_TRIED = 'Mend what is above first.';

/**
 * Brokers, topics, rights, transactions and the clock of the cluster. What needs a connection is not tried without one, so that a
 * cluster that is away costs one time limit and not five.
 */
export function kafkaChecks(config: Config, open: OpenProbe, nowMs: () => number): readonly Check[] {
  let probe: ClusterProbe | undefined;
  const lent = (work: (probe: ClusterProbe) => Promise<Finding>) => async (): Promise<Finding> =>
    probe === undefined ? failed('not tried without a broker', NOT_TRIED) : work(probe);
  const { audio } = config.bus.topics;
  const isWorker = config.roles.includes('worker');
  return [
    {
      ...base,
      name: 'Kafka brokers',
      async run() {
        const { finding, connected } = await reachAll(config.bus.kafka.brokers, open);
        probe = connected;
        return finding;
      },
    },
    { ...base, name: 'Kafka topics', run: lent((probe) => topicsFinding(probe, config)) },
    { ...base, name: 'Kafka rights', run: lent((probe) => rightsFinding(probe, config)) },
    ...(isWorker && config.bus.kafka.transactions
      ? [{ ...base, name: 'Kafka transactions', run: lent((probe) => transactionFinding(probe, config)) }]
      : []),
    {
      ...base,
      name: 'Kafka clock',
      run: lent(async (probe) => {
        try {
          return clockFinding(await probe.hasRecordAfter(audio.name, nowMs() + MAX_SKEW_MS));
        } finally {
          await probe.close();
        }
      }),
    },
  ];
}

/** Every broker that the configuration names, and those that the cluster names then: clients are sent to them. */
async function reachAll(
  configured: readonly string[],
  open: OpenProbe,
): Promise<{ readonly finding: Finding; readonly connected: ClusterProbe | undefined }> {
  const problems: UndertoneError[] = [];
  let connected: ClusterProbe | undefined;
  const reached = new Set<string>();
  const reach = async (broker: string): Promise<void> => {
    const probe = await open([broker]);
    try {
      await probe.connect();
      reached.add(broker);
      if (connected === undefined) connected = probe;
      else await probe.close();
    } catch (error) {
      await probe.close();
      if (!(error instanceof UndertoneError)) throw error;
      problems.push(error);
    }
  };
  for (const broker of configured) await reach(broker);
  const advertised = (await connected?.brokers()) ?? [];
  for (const broker of advertised) if (!reached.has(broker)) await reach(broker);
  return { finding: brokersFinding(problems, reached, advertised), connected };
}

function brokersFinding(
  problems: readonly UndertoneError[],
  reached: ReadonlySet<string>,
  advertised: readonly string[],
): Finding {
  const [first] = problems;
  if (first === undefined) return ok(`${advertised.length} of ${advertised.length} reached`);
  const said = findingOf(first);
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  const others = [...reached].join(', ') || 'none';
  return { ...said, detail: `${said.detail}${more}; reached: ${others}` };
}

async function topicsFinding(probe: ClusterProbe, { bus }: Config): Promise<Finding> {
  const names = Object.values(bus.topics).map(({ name }) => name);
  const counts = await probe.partitionCounts(names);
  const absent = names.filter((name) => !counts.has(name));
  if (absent.length > 0)
    return findingOf(new UndertoneError('UT_KAFKA_TOPIC_MISSING', `${absent.join(', ')}.`));
  const different = new Set(counts.values());
  const [count = 0] = different;
  if (different.size === 1 && count >= bus.partitions)
    return ok(
      `${names.length}, ${count} partitions each (\`undertone topics diff\` compares their settings)`,
    );
  const list = [...counts].map(([name, partitions]) => `${name} ${partitions}`).join(', ');
  return findingOf(
    new UndertoneError('UT_KAFKA_PARTITIONS', `wanted are ${bus.partitions}, found: ${list}.`),
  );
}

/** Tries every right of the roles of this configuration. */
async function rightsFinding(probe: ClusterProbe, config: Config): Promise<Finding> {
  const rights = config.roles.flatMap((role) => rightsOf(role, config));
  const topic = config.bus.topics.audio.name;
  const lacking = new Set<string>();
  for (const right of rights) {
    try {
      await tryRight(probe, right, topic);
    } catch (error) {
      if (!isRefusal(error, right)) throw error;
      lacking.add(describeRight(right));
    }
  }
  if (lacking.size === 0) return ok(`what ${config.roles.join(', ')} need`);
  const finding = findingOf(new UndertoneError('UT_KAFKA_AUTHORIZATION', `${[...lacking].join('; ')}.`));
  return { ...finding, remedy: 'Grant it: `undertone topics acls` prints and creates what is needed.' };
}

/** Why the coordinator of a group was not found kafkajs keeps for itself: a right that is missing is the likeliest. */
function isRefusal(error: unknown, { resource }: KafkaRight): boolean {
  if (!(error instanceof UndertoneError)) return false;
  return (
    error.code === 'UT_KAFKA_AUTHORIZATION' || (resource === 'group' && error.code === 'UT_KAFKA_FAILED')
  );
}

async function tryRight(probe: ClusterProbe, right: KafkaRight, topic: string): Promise<void> {
  const { resource, name, operation, prefixed } = right;
  if (resource === 'topic' && operation === 'Read') await probe.tryRead(name);
  if (resource === 'topic' && operation === 'Write') await probe.tryWrite(name);
  if (resource === 'topic' && operation === 'Describe') await probe.partitionCounts([name]);
  if (resource === 'group') await probe.tryGroup(prefixed ? `${name}-doctor` : name, topic);
  // Transactional ids are tried by the transaction.
}

async function transactionFinding(probe: ClusterProbe, { bus }: Config): Promise<Finding> {
  await probe.tryTransaction(`${bus.kafka.group}/doctor`);
  return ok('one was begun and aborted');
}

function clockFinding(isAhead: boolean): Finding {
  if (!isAhead) return ok('no record is from the future');
  return warning(
    `the brokers' clock is more than ${MAX_SKEW_MS / 1000} s ahead of this machine's`,
    'Let both machines take their time from the same source (chrony, NTP): delays are measured between the two clocks.',
  );
}
