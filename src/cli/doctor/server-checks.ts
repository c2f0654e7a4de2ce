import { kafkaClientOf, kafkajsOptionsOf, UNHEARD } from '../../app/kafka-options.js';
import { createClusterProbe, createKafkaDriver } from '../../bus/index.js';
import { systemClock as clock } from '../../clock.js';
import type { Config } from '../../config/index.js';
import { type Check, ok } from './check.js';
import { kafkaChecks } from './kafka-checks.js';
import { redisChecks, redisTlsFiles, usesRedis } from './redis-checks.js';
import { openRedisProbe } from './redis-probe.js';
import { tlsFilesCheck } from './tls-files.js';
import { tracesChecks } from './traces-check.js';

/** Everything outside this machine that the configuration speaks to; nothing where it speaks to nobody. */
export function serverChecks(config: Config, nowMs: () => number = () => clock.nowMs()): readonly Check[] {
  return [
    ...(config.bus.kind === 'kafka' ? kafka(config, nowMs) : []),
    ...(usesRedis(config) ? redis(config, nowMs) : []),
    ...tracesChecks(config.telemetry),
  ];
}

function kafka(config: Config, nowMs: () => number): readonly Check[] {
  const { driver, tls } = config.bus.kafka;
  const { enabled, ...files } = tls;
  const open = (brokers: readonly string[]) => createClusterProbe({ ...kafkajsOptionsOf(config), brokers });
  const section = { section: 'bus.kafka.tls', code: 'UT_KAFKA_TLS_FILE' } as const;
  return [
    ...(enabled ? [tlsFilesCheck('Kafka TLS files', { ...section, ...files }, nowMs())] : []),
    ...(driver === 'node-rdkafka' ? [driverCheck(config)] : []),
    ...kafkaChecks(config, open, nowMs),
  ];
}

/** kafkajs comes along; the other one has to be there, and to be new enough for what is configured. */
function driverCheck(config: Config): Check {
  return {
    name: 'Kafka driver',
    required: true,
    neededFor: 'bus.kafka.driver: node-rdkafka',
    async run() {
      await createKafkaDriver('node-rdkafka', { ...kafkaClientOf(config), ...UNHEARD });
      return ok('node-rdkafka loads');
    },
  };
}

function redis(config: Config, nowMs: () => number): readonly Check[] {
  const files = redisTlsFiles(config.redis);
  return [
    ...(files === null ? [] : [tlsFilesCheck('Redis TLS files', files, nowMs())]),
    ...redisChecks(config, openRedisProbe(config.redis), nowMs),
  ];
}
