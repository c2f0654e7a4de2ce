import { Kafka, logLevel } from 'kafkajs';
import { kafkaClientOf } from '../../dist/app/kafka-options.js';
import { topicDefinitionsOf } from '../../dist/app/topic-definitions.js';
import { createTopicAdmin } from '../../dist/bus/index.js';
import { rdkafkaIsInstalled } from '../../dist/bus/kafka/rdkafka/load.js';
import { configSchema } from '../../dist/config/index.js';
import { layoutOf, moveTo } from './cores.mjs';
import { support } from './support.mjs';

export const PARTITIONS = 12;
const INSTALLED = rdkafkaIsInstalled() ? ['kafkajs', 'node-rdkafka'] : ['kafkajs'];
/** Those that `BENCH_DRIVERS` names, or all that this machine has. Benches of one driver take the first. */
export const DRIVERS = process.env.BENCH_DRIVERS?.split(',') ?? INSTALLED;

const TOPICS = ['audio', 'emotions', 'calls', 'alerts', 'deadLetters'];

/** A broker of its own at full speed, and on its cores this process, which feeds and reads. */
export async function startStage(layout = layoutOf(1)) {
  const { startBroker } = await support('kafka-broker.ts');
  const broker = await startBroker({ javaOptions: ['-XX:TieredStopAtLevel=4'] });
  const brokers = [broker.bootstrap];
  const stage = {
    broker,
    kafka: new Kafka({ clientId: 'undertone-bench', brokers, logLevel: logLevel.NOTHING }),
    move({ others }) {
      for (const pid of [broker.pid, process.pid]) moveTo(others, pid);
    },
    async close() {
      moveTo(layoutOf(1, false).others, process.pid);
      await broker.stop();
    },
  };
  stage.move(layout);
  return stage;
}

/**
 * Topics and the group that works on them, all named after one run.
 *
 * @param settings what the run has beside the defaults: the sections of the configuration
 */
export async function createRun(stage, name, settings = {}) {
  const { bus: { kafka = {} } = {}, ...sections } = settings;
  const config = configSchema.parse({
    roles: ['worker'],
    ...sections,
    http: { port: 0 },
    log: { level: 'error' },
    bus: {
      kind: 'kafka',
      partitions: PARTITIONS,
      topics: Object.fromEntries(TOPICS.map((topic) => [topic, { name: `${name}.${topic}` }])),
      kafka: { ...kafka, brokers: [stage.broker.bootstrap], group: name, replicationFactor: 1 },
    },
  });
  const admin = await createTopicAdmin({ ...kafkaClientOf(config), onLog: () => undefined });
  await admin.connect();
  await admin.create(topicDefinitionsOf(config));
  await admin.close();
  return { name, config, audio: config.bus.topics.audio.name, emotions: config.bus.topics.emotions.name };
}
