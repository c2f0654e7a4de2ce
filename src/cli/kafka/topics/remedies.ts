import type { TopicDefinition } from '../../../bus/index.js';
import { ALLOWANCES, allowanceFor, type Setting } from './changes.js';
import type { Difference, TopicFinding } from './compare.js';

/**
 * What an operator can do about each difference: `undertone topics apply`, where a flag says that what the topic holds
 * may be touched, or a command of Kafka's own tools.
 *
 * @returns paragraphs; none for a topic that only has to be created
 */
export function remediesOf({ topic, differences }: TopicFinding, brokers: string): readonly string[] {
  return differences.flatMap((difference) => advice(difference, topic, brokers));
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
      return settingAdvice(difference);
  }
}

function settingAdvice(setting: Setting): readonly string[] {
  const needed = allowanceFor(setting);
  if (needed === null) return ['Changed by `undertone topics apply`: it touches nothing that is held.'];
  return [`${ALLOWANCES[needed]} Changed by \`undertone topics apply --allow ${needed}\`.`];
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
