import type { KafkaClientOptions, KafkaOptions, KafkaSaslOptions } from '../bus/index.js';
import type { Config, KafkaConfig } from '../config/index.js';
import { busTopicsOf } from './topics.js';

/** For commands, whose own errors say what matters. */
export const UNHEARD: Pick<KafkaClientOptions, 'onLog' | 'onTlsFilesKept'> = {
  onLog: () => undefined,
  onTlsFilesKept: () => undefined,
};

/** How the brokers are reached, for the bus and for the commands that speak to them. */
export function kafkaClientOf({
  bus: { kafka },
}: Config): Omit<KafkaClientOptions, 'onLog' | 'onTlsFilesKept'> {
  const { enabled, ...tls } = kafka.tls;
  return {
    brokers: kafka.brokers,
    clientId: kafka.clientId,
    tls: enabled ? tls : null,
    sasl: saslOf(kafka.sasl),
    sessionTimeoutMs: kafka.sessionTimeoutMs,
    transactionTimeoutMs: kafka.transactionTimeoutMs,
    driverOptions: kafka.driverOptions,
  };
}

/** For what always speaks through kafkajs, whatever driver the bus has. */
export function kafkajsOptionsOf(config: Config): KafkaClientOptions {
  const { driver, driverOptions } = config.bus.kafka;
  return {
    ...kafkaClientOf(config),
    // Those of another driver mean nothing to it.
    driverOptions: driver === 'kafkajs' ? driverOptions : {},
    ...UNHEARD,
  };
}

export function kafkaOptionsOf(config: Config): Omit<KafkaOptions, 'clock' | 'observer'> {
  const { bus } = config;
  const { driver, instanceId, transactions, lingerMs, maxBufferedRecords, maxBufferedBytes } = bus.kafka;
  const { readAheadRecords, readAheadBytes, maxRecordBytes, drainTimeoutMs } = bus.kafka;
  return {
    driver,
    client: kafkaClientOf(config),
    topics: Object.keys(busTopicsOf(config)),
    minPartitions: bus.partitions,
    instanceId,
    transactions,
    lingerMs,
    maxBufferedRecords,
    maxBufferedBytes,
    readAheadRecords,
    readAheadBytes,
    maxRecordBytes,
    drainTimeoutMs,
  };
}

/** The configuration has been checked: what the mechanism needs is there. */
function saslOf({ mechanism, ...given }: KafkaConfig['sasl']): KafkaSaslOptions | null {
  if (mechanism === null) return null;
  if (mechanism === 'OAUTHBEARER') {
    const { tokenEndpoint, clientId, clientSecret, scope } = given;
    return {
      mechanism,
      tokenEndpoint: tokenEndpoint!,
      clientId: clientId!,
      clientSecret: clientSecret!,
      scope,
    };
  }
  return { mechanism, username: given.username!, password: given.password! };
}
