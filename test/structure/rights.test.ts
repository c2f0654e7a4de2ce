import { expect, test } from 'vitest';
import { KAFKA_TASKS, type KafkaTask, rightsOf } from '../../src/app/kafka-rights.js';
import type { KafkaRight } from '../../src/bus/index.js';
import { configSchema } from '../../src/config/index.js';
import { textOf } from './project-files.js';

const config = configSchema.parse({ bus: { kind: 'kafka' } });
const ALL = Object.values(config.bus.topics).map(({ name }) => name);

/** `undertone.dead-letters.v1` → `dead-letters`. */
const shortName = (topic: string): string => topic.split('.')[1]!;

/** `Read on all five; Write on emotions, calls`. What everybody may do has a row of its own. */
function topicsCell(rights: readonly KafkaRight[]): string {
  const stated = rights.filter(({ resource, operation }) => resource === 'topic' && operation !== 'Describe');
  const lists = [...new Set(stated.map(({ operation }) => operation))].map((operation) => {
    const names = stated.filter((right) => right.operation === operation).map(({ name }) => shortName(name));
    return `${operation} on ${names.length === ALL.length ? 'all five' : names.join(', ')}`;
  });
  return lists.join('; ');
}

function groupsCell(rights: readonly KafkaRight[]): string {
  const groups = rights.filter(({ resource }) => resource === 'group');
  const named = groups.map(({ name, prefixed }) =>
    name === config.bus.kafka.group ? '`bus.kafka.group`' : `\`${name}\`${prefixed ? ' (prefixed)' : ''}`,
  );
  return named.length === 0 ? '' : `Read on ${named.join(' and on ')}`;
}

function othersCell(rights: readonly KafkaRight[]): string {
  const operations = (kind: KafkaRight['resource']): string =>
    rights
      .filter(({ resource }) => resource === kind)
      .map(({ operation }) => operation)
      .join(' and ');
  const ids = operations('transactional-id');
  const cluster = operations('cluster');
  return [
    ids === '' ? '' : `${ids} on transactional ids \`<bus.kafka.group>/\` (prefixed)`,
    cluster === '' ? '' : `${cluster} on the cluster`,
  ]
    .filter(Boolean)
    .join('; ');
}

function rowOf(task: KafkaTask): string {
  const rights = rightsOf(task, config);
  const who = ['gateway', 'worker', 'console'].includes(task) ? task : `\`${task}\``;
  const cells = [who, topicsCell(rights), groupsCell(rights), othersCell(rights)];
  return `|${cells.map((cell) => (cell === '' ? ' |' : ` ${cell} |`)).join('')}`;
}

test.each(KAFKA_TASKS)("the operator's guide says what %s may do", (task) => {
  expect(textOf('docs/operator-guide.md').split('\n')).toContain(rowOf(task));
});
