import { accessSync, constants } from 'node:fs';
import { UndertoneError } from '../../../errors.js';
import type { KafkaClientOptions, KafkaSaslOptions, KafkaTlsOptions } from '../client-options.js';
import type { Configuration } from './node-rdkafka.js';

/** Beyond all that a broker takes: what is too large is said by the bus, and by the broker. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;
const FIRST_WITH_FETCH_QUEUE_BACKOFF = [2, 2, 0] as const;

/** Brokers since Kafka 3.7.2 and 3.8.1 refuse how older ones speak SCRAM, whatever the password. */
const FIRST_WITH_SOUND_SCRAM = [2, 6, 1] as const;

/** Throws UT_KAFKA_DRIVER_LACKS for what this librdkafka cannot do. */
export function refuseLacking({ sasl }: KafkaClientOptions, librdkafkaVersion: string): void {
  if (!sasl?.mechanism.startsWith('SCRAM') || atLeast(librdkafkaVersion, FIRST_WITH_SOUND_SCRAM)) return;
  const detail = `librdkafka ${librdkafkaVersion} cannot authenticate by ${sasl.mechanism} with present brokers.`;
  const remedy =
    'Build a newer one with `UNDERTONE_BUILD_LIBRDKAFKA=1 node scripts/install-rdkafka.mjs`, or set `bus.kafka.driver: kafkajs`.';
  throw new UndertoneError('UT_KAFKA_DRIVER_LACKS', detail, { place: 'bus.kafka.sasl', remedy });
}

/** The transport, for every kind of client. */
export function clientConfiguration(options: KafkaClientOptions): Configuration {
  const { brokers, clientId, tls, sasl } = options;
  return {
    'metadata.broker.list': brokers.join(','),
    'client.id': clientId,
    'security.protocol': `${sasl === null ? '' : 'sasl_'}${tls === null ? 'plaintext' : 'ssl'}`,
    ...(tls === null ? {} : tlsConfiguration(tls)),
    ...(sasl === null ? {} : saslConfiguration(sasl)),
    'socket.nagle.disable': true,
    'socket.keepalive.enable': true,
    'socket.connection.setup.timeout.ms': 3_000,
    'reconnect.backoff.ms': 100,
    'reconnect.backoff.max.ms': 1_000,
    ...options.driverOptions,
  };
}

/** A reader of committed records, that fetches exactly where and when it is told. */
export function consumerConfiguration(
  options: KafkaClientOptions,
  group: string,
  librdkafkaVersion: string,
): Configuration {
  return {
    // A partition that is assigned waits for the fetch that is under way; so no fetch waits long for records.
    'fetch.wait.max.ms': 50,
    'fetch.error.backoff.ms': 50,
    ...(atLeast(librdkafkaVersion, FIRST_WITH_FETCH_QUEUE_BACKOFF) ? { 'fetch.queue.backoff.ms': 5 } : {}),
    ...clientConfiguration(options),
    'group.id': group,
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'isolation.level': 'read_committed',
  };
}

export function memberConfiguration(
  options: KafkaClientOptions,
  group: string,
  instanceId: string | null,
  librdkafkaVersion: string,
): Configuration {
  const { sessionTimeoutMs } = options;
  return {
    'heartbeat.interval.ms': Math.max(100, Math.min(300, Math.floor(sessionTimeoutMs / 6))),
    'max.poll.interval.ms': Math.max(300_000, sessionTimeoutMs),
    ...consumerConfiguration(options, group, librdkafkaVersion),
    'session.timeout.ms': sessionTimeoutMs,
    'partition.assignment.strategy': 'cooperative-sticky',
    ...(instanceId === null ? {} : { 'group.instance.id': instanceId }),
  };
}

/** Idempotent, and thereby with the acknowledgement of all in-sync replicas and in order. */
export function producerConfiguration(options: KafkaClientOptions): Configuration {
  return {
    // Whoever sends has gathered a batch already: this only keeps its first record from travelling alone.
    'linger.ms': 1,
    'message.max.bytes': MAX_REQUEST_BYTES,
    // The senders bound what is under way; a queue that could be full would cut a batch in two.
    'queue.buffering.max.messages': 2_147_483_647,
    'queue.buffering.max.kbytes': 2_147_483_647,
    'topic.metadata.propagation.max.ms': 10_000,
    ...clientConfiguration(options),
    'enable.idempotence': true,
  };
}

export function transactionConfiguration(
  options: KafkaClientOptions,
  transactionalId: string,
): Configuration {
  return {
    'transaction.timeout.ms': options.transactionTimeoutMs,
    // A transaction that follows close on the last is refused until that one's markers are written.
    'retry.backoff.ms': 5,
    ...producerConfiguration(options),
    'transactional.id': transactionalId,
  };
}

function tlsConfiguration({ caFile, certFile, keyFile, keyPassphrase }: KafkaTlsOptions): Configuration {
  return {
    ...(caFile === null ? {} : { 'ssl.ca.location': readable(caFile) }),
    ...(certFile === null ? {} : { 'ssl.certificate.location': readable(certFile) }),
    ...(keyFile === null ? {} : { 'ssl.key.location': readable(keyFile) }),
    ...(keyPassphrase === null ? {} : { 'ssl.key.password': keyPassphrase }),
    'ssl.endpoint.identification.algorithm': 'https',
  };
}

/** librdkafka reads the file itself, and says less when it can't. */
function readable(path: string): string {
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch (cause) {
    throw new UndertoneError('UT_KAFKA_TLS_FILE', 'it cannot be read.', { place: path, cause });
  }
}

/** A token is set on each client by itself: librdkafka is not always built with what it needs to fetch one. */
function saslConfiguration(sasl: KafkaSaslOptions): Configuration {
  if (sasl.mechanism === 'OAUTHBEARER') return { 'sasl.mechanisms': 'OAUTHBEARER' };
  const { mechanism, username, password } = sasl;
  return { 'sasl.mechanisms': mechanism, 'sasl.username': username, 'sasl.password': password };
}

function atLeast(version: string, least: readonly number[]): boolean {
  const own = version.split('.').map(Number);
  const differs = least.findIndex((part, index) => own[index] !== part);
  return differs < 0 || (own[differs] ?? 0) > least[differs]!;
}
