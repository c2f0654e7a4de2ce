import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
import type { KafkaClientOptions, KafkaSaslOptions, KafkaTlsOptions } from '../client-options.js';
import { createTokenSource } from '../oauth.js';
import { keepTimersPositive } from './positive-timers.js';
import { readHeadersQuickly } from './quick-headers.js';

/** How often a failed request is sent again before its caller hears of it; the pauses grow from 0.1 s to 1 s. */
export type Patience = 'short' | 'long' | 'very long';

const RETRIES: Readonly<Record<Patience, number>> = { short: 3, long: 10, 'very long': 120 };

/** A kafkajs client; it connects nowhere until something is made of it. */
export function createClient(options: KafkaClientOptions, patience: Patience): Kafka {
  keepTimersPositive();
  readHeadersQuickly();
  const { brokers, clientId, tls, sasl, sessionTimeoutMs, driverOptions } = options;
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    ...(tls === null ? {} : { ssl: readTls(tls) }),
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

function readTls({ caFile, certFile, keyFile, keyPassphrase }: KafkaTlsOptions): ConnectionOptions {
  return {
    ...(caFile === null ? {} : { ca: readPem(caFile) }),
    ...(certFile === null ? {} : { cert: readPem(certFile) }),
    ...(keyFile === null ? {} : { key: readPem(keyFile) }),
    ...(keyPassphrase === null ? {} : { passphrase: keyPassphrase }),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UndertoneError('UT_KAFKA_TLS_FILE', 'it cannot be read.', { place: path, cause });
  }
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
