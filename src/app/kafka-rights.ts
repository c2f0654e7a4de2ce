import type { KafkaRight } from '../bus/index.js';
import type { Config } from '../config/index.js';

/** Who speaks to Kafka: the roles, and the commands of an operator. */
export const KAFKA_TASKS = [
  'gateway',
  'worker',
  'console',
  'topics diff',
  'topics apply',
  'topics acls',
  'topics acls --apply',
  'dead-letters list',
  'dead-letters replay',
  'erase',
] as const;
export type KafkaTask = (typeof KAFKA_TASKS)[number];

type Topic = keyof Config['bus']['topics'];
type Operation = KafkaRight['operation'];

const RESULTS: readonly Topic[] = ['emotions', 'calls', 'alerts'];
export const ALL_TOPICS: readonly Topic[] = ['audio', ...RESULTS, 'deadLetters'];

/** What a task may do on topics, and with what else. Describe on all topics is everybody's. */
interface TaskRights {
  readonly topics: Partial<Readonly<Record<Operation, readonly Topic[]>>>;
  /** Reads outside the group of the workers. */
  readonly tail?: true;
  readonly worker?: true;
  /** On the cluster itself. */
  readonly cluster?: readonly Operation[];
}

/** One table for the operator's guide, `undertone topics acls`, `undertone doctor` and the tests. */
const RIGHTS: Readonly<Record<KafkaTask, TaskRights>> = {
  gateway: { topics: { Write: ['audio'] } },
  worker: {
    topics: { Read: ALL_TOPICS, Write: [...RESULTS, 'deadLetters'] },
    tail: true,
    worker: true,
  },
  console: { topics: { Read: RESULTS }, tail: true },
  'topics diff': { topics: { DescribeConfigs: ALL_TOPICS } },
  'topics apply': { topics: { DescribeConfigs: ALL_TOPICS, AlterConfigs: ALL_TOPICS }, cluster: ['Create'] },
  'topics acls': { topics: {}, cluster: ['Describe'] },
  'topics acls --apply': { topics: {}, cluster: ['Describe', 'Alter'] },
  'dead-letters list': { topics: { Read: ['deadLetters'] }, tail: true },
  'dead-letters replay': { topics: { Read: ['deadLetters', 'calls'], Write: ['audio'] }, tail: true },
  erase: { topics: { Read: ['calls'], Write: ['audio'] }, tail: true },
};

/** Readers outside the workers' group make up the rest of the name. */
export const TAIL_GROUP = 'undertone-tail';
/** Kafka's own name for the cluster as a resource. */
const CLUSTER = 'kafka-cluster';

/** Everything that a task needs, with the names of this configuration. */
export function rightsOf(task: KafkaTask, { bus }: Config): readonly KafkaRight[] {
  const { topics, tail, worker, cluster = [] } = RIGHTS[task];
  const { group } = bus.kafka;
  const on = (operation: Operation, names: readonly Topic[]): readonly KafkaRight[] =>
    names.map((topic) => ({
      resource: 'topic',
      name: bus.topics[topic].name,
      prefixed: false,
      operation,
    }));
  const id = { resource: 'transactional-id', name: `${group}/`, prefixed: true } as const;
  return [
    ...on('Describe', ALL_TOPICS),
    ...Object.entries(topics).flatMap(([operation, names]) => on(operation as Operation, names)),
    ...(worker ? [{ resource: 'group', name: group, prefixed: false, operation: 'Read' } as const] : []),
    ...(tail ? [{ resource: 'group', name: TAIL_GROUP, prefixed: true, operation: 'Read' } as const] : []),
    ...(worker ? [{ ...id, operation: 'Write' } as const, { ...id, operation: 'Describe' } as const] : []),
    ...cluster.map(
      (operation) => ({ resource: 'cluster', name: CLUSTER, prefixed: false, operation }) as const,
    ),
  ];
}
