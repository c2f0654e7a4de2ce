import type { TopicDefinition } from '../../../bus/index.js';
import type { Difference, TopicFinding } from './compare.js';

type Setting = Extract<Difference, { kind: 'setting' }>;

/** Why a setting has to be as it is, where somebody may have changed it on purpose. */
const REASONS: Readonly<Record<string, string>> = {
  'cleanup.policy':
    "The topic of the calls is compacted, so that the last word on each call stays; any other topic must not be, or a call's newest record would be all that is left of it.",
  'message.timestamp.type':
    "A worker that takes calls over compares the times of records of several topics: only the broker's clock will do.",
  'min.insync.replicas':
    'With fewer, a record that was confirmed can be lost with one broker; with more, one broker that is away stops everything.',
};

/**
 * What an operator can do about each difference, in commands of Kafka's own tools: nothing here is done by itself,
 * because each of it touches what the topic already holds.
 *
 * @returns paragraphs; none for a topic that only has to be created
 */
export function remediesOf({ topic, differences }: TopicFinding, brokers: string): readonly string[] {
  const settings = differences.filter((difference) => difference.kind === 'setting');
  return [
    ...differences.flatMap((difference) => advice(difference, topic, brokers)),
    ...(settings.length === 0 ? [] : [settingsCommand(settings, topic, brokers)]),
  ];
}

function advice(difference: Difference, topic: TopicDefinition, brokers: string): readonly string[] {
  switch (difference.kind) {
    case 'missing':
      return [];
    case 'partitions':
      return [difference.found > difference.wanted ? tooMany(difference.found) : tooFew(topic, brokers)];
    case 'replication':
      return [
        `The number of copies changes with a plan that names brokers: kafka-reassign-partitions.sh --bootstrap-server ${brokers} --reassignment-json-file PLAN.json --execute`,
      ];
    case 'setting':
      return [REASONS[difference.name] ?? []].flat();
  }
}

function tooMany(found: number): string {
  return `Kafka takes no partitions away. Set bus.partitions to ${found} if all topics have as many; or give all topics new names in bus.topics, and run \`undertone topics apply\`.`;
}

function tooFew({ name, partitions }: TopicDefinition, brokers: string): string {
  return [
    'Not done by itself: with more partitions a call moves to another one, away from its audio and its state. Either give all topics new names in bus.topics and run `undertone topics apply`;',
    `or stop all gateways and producers, wait until the workers have no lag and no live call, stop them, and run for every topic:\nkafka-topics.sh --bootstrap-server ${brokers} --alter --topic ${name} --partitions ${partitions}`,
  ].join(' ');
}

function settingsCommand(settings: readonly Setting[], { name }: TopicDefinition, brokers: string): string {
  const values = settings.map(
    ({ name, wanted }) => `${name}=${wanted.includes(',') ? `[${wanted}]` : wanted}`,
  );
  return `kafka-configs.sh --bootstrap-server ${brokers} --alter --entity-type topics --entity-name ${name} --add-config '${values.join(',')}'`;
}
