import { z } from 'zod';
import { bound, durationMs, name, secret } from './common.js';
import { replicationFactorField, retentionSection } from './kafka-topics.js';

const file = (about: string) => z.string().min(1).nullable().describe(about).default(null);

const text = (about: string) => z.string().min(1).nullable().describe(about).default(null);

const tlsSection = z
  .strictObject({
    enabled: z
      .boolean()
      .describe('Encrypt every connection and check the certificates of the brokers.')
      .default(false),
    caFile: file('PEM file with the authorities to trust; null trusts those that the system knows.'),
    certFile: file('PEM file with the certificate of this client, where the brokers ask for one.'),
    keyFile: file('PEM file with the private key of `certFile`.'),
    keyPassphrase: secret(1).nullable().describe('What `keyFile` is encrypted with.').default(null),
  })
  .describe('TLS to the brokers.')
  .prefault({});

const saslSection = z
  .strictObject({
    mechanism: z
      .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])
      .nullable()
      .describe('How this client proves who it is; null: not, or by its certificate alone.')
      .default(null),
    username: text('User, for PLAIN and SCRAM.'),
    password: secret(1).nullable().describe('Password of the user.').default(null),
    tokenEndpoint: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .describe('Where OAUTHBEARER gets its tokens (OAuth 2.0 client credentials).')
      .default(null),
    clientId: text('OAuth client, for OAUTHBEARER.'),
    clientSecret: secret(1).nullable().describe('Secret of the OAuth client.').default(null),
    scope: text('Scope to ask for; null asks for none.'),
  })
  .describe('Authentication at the brokers.')
  .prefault({});

const MIB = 1024 * 1024;

export const kafkaSection = z
  .strictObject({
    driver: z
      .enum(['kafkajs', 'node-rdkafka'])
      .describe(
        '`kafkajs` comes along and runs everywhere; `node-rdkafka` must be installed beside and is faster, see docs/decisions/kafka-client.md.',
      )
      .default('kafkajs'),
    brokers: z
      .array(z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^\s:,/]+):\d{1,5}$/, 'must be host:port'))
      .min(1)
      .max(100)
      .describe('Some brokers, as host:port, from which the others are learned.')
      .default(['127.0.0.1:9092']),
    clientId: name()
      .describe("How this process is named in the brokers' logs and quotas.")
      .default('undertone'),
    tls: tlsSection,
    sasl: saslSection,
    group: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,200}$/, 'must be 1 to 200 letters, digits, dots, dashes or underscores')
      .describe('Consumer group of the workers, and beginning of their transactional ids.')
      .default('undertone-worker'),
    instanceId: name()
      .nullable()
      .describe(
        'Name of this worker across restarts (static membership: a quick restart moves no partition); null: none. Needs `node-rdkafka`.',
      )
      .default(null),
    transactions: z
      .boolean()
      .describe(
        'Write results and offsets in one transaction: each window once, whatever dies. False is cheaper, and a crash writes the last results twice.',
      )
      .default(true),
    lingerMs: z
      .int()
      .min(0)
      .max(1_000)
      .describe(
        'How long the gateway gathers audio records before it sends them, ms. More is cheaper for the brokers, and later.',
      )
      .default(20),
    maxBufferedRecords: bound()
      .describe('Audio records of this gateway that may wait for the brokers. Beyond that, feeds wait.')
      .default(20_000),
    maxBufferedBytes: bound()
      .describe(
        'Bytes of audio records of this gateway that may wait for the brokers. Beyond that, feeds wait.',
      )
      .default(32 * MIB),
    readAheadRecords: bound()
      .describe('Records of one partition that are fetched before they are worked on.')
      .default(2_000),
    readAheadBytes: bound()
      .describe('Bytes of one partition that are fetched before they are worked on; one fetch more at most.')
      .default(8 * MIB),
    sessionTimeoutMs: durationMs()
      .min(1_000)
      .describe('A worker that is silent for so long loses its partitions, ms.')
      .default(10_000),
    drainTimeoutMs: durationMs()
      .describe('Longest time that a worker finishes work on a partition that moves away, ms.')
      .default(5_000),
    transactionTimeoutMs: durationMs()
      .min(1_000)
      .describe('A transaction that nobody ends is aborted by the brokers after this, ms.')
      .default(30_000),
    maxRecordBytes: bound()
      .describe('Largest record; not above `max.message.bytes` of the topics.')
      .default(1_000_000),
    driverOptions: z
      .record(z.string(), z.unknown())
      .describe('Passed on to the client library as it is, over everything set here.')
      .default({}),
    replicationFactor: replicationFactorField,
    retention: retentionSection,
  })
  .describe('How Kafka is reached and used, where `bus.kind` is `kafka`.')
  .prefault({});
export type KafkaConfig = z.infer<typeof kafkaSection>;
