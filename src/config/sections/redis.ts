import { z } from 'zod';
import { bound, durationMs, secret } from './common.js';

const port = (about: string, number: number) => z.int().min(1).max(65535).describe(about).default(number);

const nodes = (about: string, defaultPort: number) =>
  z
    .array(
      z.strictObject({
        host: z.string().min(1).describe('Host name or address.'),
        port: port('TCP port.', defaultPort),
      }),
    )
    .max(100)
    .describe(about)
    .default([]);

const file = (about: string) => z.string().min(1).nullable().describe(about).default(null);

const user = (about: string) => z.string().min(1).nullable().describe(about).default(null);

const tls = z
  .strictObject({
    enabled: z
      .boolean()
      .describe('Encrypt every connection and check the certificate of the other side.')
      .default(false),
    caFile: file('PEM file with the authorities to trust; null trusts those that Node.js knows.'),
    certFile: file('PEM file with the certificate of this client, where the server asks for one.'),
    keyFile: file('PEM file with the private key of `certFile`.'),
    serverName: z
      .string()
      .min(1)
      .nullable()
      .describe('Name that the certificate must carry; null takes the host that was connected to.')
      .default(null),
  })
  .describe('TLS, to Redis, its cluster nodes and its sentinels alike.')
  .prefault({});

const sentinel = z
  .strictObject({
    nodes: nodes(
      'Sentinels. With at least one of them they say where Redis is, and host and port are not used.',
      26379,
    ),
    master: z.string().min(1).describe('Name under which the sentinels know the master.').default('mymaster'),
    username: user('User at the sentinels; null where there is none.'),
    password: secret(1).nullable().describe('Password at the sentinels.').default(null),
  })
  .describe('Redis Sentinel.')
  .prefault({});

export const redisSection = z
  .strictObject({
    enabled: z
      .boolean()
      .describe('Publish alerts, points and the latest state of each call through Redis.')
      .default(false),
    host: z.string().min(1).describe('Host of the Redis server.').default('127.0.0.1'),
    port: port('TCP port of the Redis server.', 6379),
    username: user('ACL user; null is the default user.'),
    password: secret(1).nullable().describe('Password of the user.').default(null),
    db: z.int().min(0).max(1023).describe('Number of the database; a cluster has 0 alone.').default(0),
    tls,
    sentinel,
    cluster: z
      .strictObject({
        nodes: nodes('Some nodes of a Redis Cluster, from which the others are learned.', 6379),
      })
      .describe('Redis Cluster. With at least one node, host and port are not used.')
      .prefault({}),
    keyPrefix: z
      .string()
      .regex(
        /^[A-Za-z0-9._:-]{1,100}$/,
        'must be 1 to 100 letters, digits, dots, colons, dashes or underscores',
      )
      .describe('Beginning of every key and channel.')
      .default('undertone'),
    points: z
      .boolean()
      .describe('Publish points and holes too. Without them, call channels carry summaries alone.')
      .default(true),
    stateTtlMs: durationMs()
      .describe('The latest state of a live call expires after so long without news, ms.')
      .default(600_000),
    endedStateTtlMs: durationMs()
      .describe('The latest state of a call expires so long after its end, ms.')
      .default(120_000),
    maxQueuedPublications: bound()
      .max(1_000_000)
      .describe(
        'Messages that may wait for a slow Redis, alerts and others each; beyond, the oldest are dropped and counted.',
      )
      .default(10_000),
    maxCallStates: bound()
      .max(1_000_000)
      .describe(
        'Calls of which this process remembers the latest state, to write it anew after an outage of Redis; beyond, the oldest is forgotten and counted.',
      )
      .default(10_000),
    connectTimeoutMs: durationMs().describe('Longest wait for a connection, ms.').default(2_000),
    commandTimeoutMs: durationMs()
      .describe('A connection on which Redis owes an answer for so long is given up, ms.')
      .default(2_000),
  })
  .describe('Redis, for live pages and agent desktops. Audio never waits for it. See docs/redis.md.')
  .prefault({});
export type RedisConfig = z.infer<typeof redisSection>;
