import type { Admin } from 'kafkajs';
import { topicDefinitionsOf } from '../../src/app/topic-definitions.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { eventually } from '../support/api.js';
import { type KafkaBroker, type KafkaCluster, startCluster } from '../support/kafka-broker.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { ChaosOptions } from './options.js';

/** The topics that a group of workers uses: all groups read the same audio, each writes results of its own. */
export interface Troupe {
  readonly group: string;
  readonly topics: {
    readonly audio: string;
    readonly emotions: string;
    readonly calls: string;
    readonly alerts: string;
    readonly deadLetters: string;
  };
}

const LEADERS_LIMIT_MS = 30_000;
const AUDIO = 'undertone.audio.v1';

export function troupe(group: string): Troupe {
  const topic = (name: string) => `${group}.${name}.v1`;
  const names = { emotions: topic('emotions'), calls: topic('calls'), alerts: topic('alerts') };
  return { group, topics: { audio: AUDIO, ...names, deadLetters: topic('dead-letters') } };
}

/** Servers and topics, without any worker. */
export interface Stage {
  readonly cluster: KafkaCluster;
  readonly brokers: readonly KafkaBroker[];
  readonly redis: RedisServer | null;
  close(): Promise<void>;
}

export async function setStage(
  options: Pick<ChaosOptions, 'brokers' | 'partitions' | 'redis'>,
  troupes: readonly Troupe[],
): Promise<Stage> {
  const cluster = await startCluster(options.brokers);
  const redis = options.redis ? await startRedis() : null;
  for (const { topics } of troupes) await createTopics(cluster, topics, options);
  return {
    cluster,
    brokers: cluster.brokers,
    redis,
    async close() {
      await Promise.all([cluster.stop(), redis?.stop()]);
    },
  };
}

/** As `undertone topics apply` makes them. */
async function createTopics(
  { admin }: KafkaCluster,
  names: Troupe['topics'],
  { partitions, brokers }: Pick<ChaosOptions, 'brokers' | 'partitions'>,
): Promise<void> {
  const topics = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, { name }]));
  const bus = { kind: 'kafka', partitions, topics, kafka: { replicationFactor: Math.min(3, brokers) } };
  const config: Config = configSchema.parse({ bus });
  const known = await admin.with((client) => client.listTopics());
  const wanted = topicDefinitionsOf(config).filter(({ name }) => !known.includes(name));
  await admin.with((client) =>
    client.createTopics({
      // What kafkajs does to wait fails where the broker does not know of the topic yet.
      waitForLeaders: false,
      topics: wanted.map(({ name, replicationFactor, settings }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(settings).map(([setting, value]) => ({ name: setting, value })),
      })),
    }),
  );
  const leaderless = () =>
    admin.with((client) =>
      leaderlessOf(
        client,
        wanted.map(({ name }) => name),
      ),
    );
  await eventually(
    () => leaderless().catch(() => 1),
    (count) => count === 0,
    LEADERS_LIMIT_MS,
  );
}

async function leaderlessOf(client: Admin, topics: string[]): Promise<number> {
  const metadata = await client.fetchTopicMetadata({ topics });
  return metadata.topics.flatMap(({ partitions }) => partitions).filter(({ leader }) => leader < 0).length;
}

/** Longer than a run. */
const ENDED_STATE_MS = 3_600_000;

/** Short times and low thresholds, so that alerts come and go in a minute's call. */
const RULES = [
  { kind: 'long-silence', name: 'quiet', severity: 'info', silentMs: 1500, cooldownMs: 2000 },
  { kind: 'valence-drop', name: 'drop', severity: 'warning', drop: 0.2, overMs: 6000, cooldownMs: 4000 },
  {
    kind: 'sustained-emotion',
    name: 'stirred',
    severity: 'critical',
    labels: ['angry', 'fear', 'surprise'],
    minProbability: 0.3,
    forMs: 2000,
    cooldownMs: 3000,
  },
];

/** What a worker is started with. */
export function workerSettings(
  options: Pick<ChaosOptions, 'driver' | 'engine' | 'partitions' | 'sessionTimeoutMs' | 'idleTimeoutMs'>,
  stage: Stage,
  { group, topics }: Troupe,
  name: string,
): readonly string[] {
  const { redis } = stage;
  return Object.entries({
    roles: ['worker'],
    'http.port': 0,
    'log.level': 'info',
    'bus.kind': 'kafka',
    'bus.partitions': options.partitions,
    'bus.kafka.driver': options.driver,
    'bus.kafka.brokers': stage.cluster.bootstrap.split(','),
    'bus.kafka.clientId': name,
    'bus.kafka.group': group,
    'bus.kafka.sessionTimeoutMs': options.sessionTimeoutMs,
    'bus.kafka.drainTimeoutMs': options.sessionTimeoutMs / 2,
    ...Object.fromEntries(Object.entries(topics).map(([key, topic]) => [`bus.topics.${key}.name`, topic])),
    'model.engine': options.engine,
    'model.threads': 1,
    'worker.idleTimeoutMs': options.idleTimeoutMs,
    'alerts.rules': RULES,
    ...(redis !== null && {
      'redis.enabled': true,
      'redis.port': redis.port,
      'redis.endedStateTtlMs': ENDED_STATE_MS,
    }),
  }).map(([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
}
