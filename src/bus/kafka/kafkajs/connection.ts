import type { ConnectionOptions } from 'node:tls';
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { LiveTls } from '../../../tls-files.js';
import type { KafkaClientOptions, KafkaSaslOptions } from '../client-options.js';
import { createTokenSource } from '../oauth.js';
import { keepTrackOfConnections } from './connections.js';
import { readHeadersQuickly } from './quick-headers.js';
import { keepTimeSteady } from './steady-time.js';

/** How often a failed request is sent again before its caller hears of it; the pauses grow from 0.1 s to 1 s. */
export type Patience = 'short' | 'long' | 'very long';

const RETRIES: Readonly<Record<Patience, number>> = { short: 3, long: 10, 'very long': 120 };

/**
 * A kafkajs client; it connects nowhere until something is made of it.
 * @param secure what each connection asks for its certificates; clients of one process share it
 * @throws UT_KAFKA_TLS_FILE where the files of `bus.kafka.tls` can not be used
 */
export function createClient(
  options: KafkaClientOptions,
  patience: Patience,
  secure: LiveTls | null = liveTlsOf(options),
): Kafka {
  keepTimeSteady();
  keepTrackOfConnections();
  readHeadersQuickly();
  const { brokers, clientId, sasl, sessionTimeoutMs, driverOptions } = options;
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    ...(secure === null ? {} : { ssl: sslOf(secure) }),
    ...(sasl === null ? {} : { sasl: toSasl(sasl) }),
    connectionTimeout: 3_000,
    // Longer than a session, because SyncGroup is only answered when a leader that froze has been expelled.
    requestTimeout: Math.max(5_000, sessionTimeoutMs + 1_000),
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: RETRIES[patience] },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => options.onLog(toLogEntry(entry)),
    ...driverOptions,
  };
  return new Kafka(config);
}

function toLogEntry({ level, log, namespace }: { level: logLevel; log: object; namespace: string }) {
  const { message, timestamp: _, stack: __, ...fields } = log as Record<string, unknown>;
  const name = level === logLevel.ERROR ? ('error' as const) : ('warn' as const);
  return { level: name, message: String(message), fields: { ...fields, part: namespace } };
}

export function liveTlsOf({ tls, onTlsFilesKept }: KafkaClientOptions): LiveTls | null {
  if (tls === null) return null;
  return new LiveTls({ section: 'bus.kafka.tls', code: 'UT_KAFKA_TLS_FILE', ...tls }, onTlsFilesKept);
}

/** kafkajs copies the options for each connection that it opens, and so asks each time. */
function sslOf(secure: LiveTls): ConnectionOptions {
  return {
    get secureContext() {
      return secure.secureContext;
    },
  };
}

const MECHANISMS = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
} as const;

function toSasl(sasl: KafkaSaslOptions): SASLOptions {
  if (sasl.mechanism === 'OAUTHBEARER') {
    const token = createTokenSource(sasl);
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: (await token()).value }) };
  }
  const { username, password } = sasl;
  return { mechanism: MECHANISMS[sasl.mechanism], username, password };
}
