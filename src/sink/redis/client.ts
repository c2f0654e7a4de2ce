import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';

/** A connection to one server, found directly or through sentinels, or to all masters of a cluster. */
export type RedisClient = Redis | Cluster;

/** Without those whose types the constructors take by themselves. */
type NodeOptions = Omit<RedisOptions, 'replyMapping' | 'himportFieldsets'>;

/** How long a connection that is given up may take to say goodbye. */
const GOODBYE_MS = 200;

/**
 * A client that never waits: what can not be sent now fails now, an answer that is overdue ends the connection, and a
 * lost connection comes back by itself. It begins with `connect()`.
 * @param name as `CLIENT LIST` shows it
 * @throws UT_REDIS_TLS where the files of `redis.tls` can not be used
 */
export function createRedisClient(config: RedisConfig, name: string): RedisClient {
  const options = nodeOptions(config, name);
  const { nodes } = config.cluster;
  if (nodes.length === 0) {
    return new Redis({
      ...options,
      ...placeOf(config),
      retryStrategy: backOffMs,
      reconnectOnError: isReplica,
    });
  }
  return new Cluster([...nodes], {
    redisOptions: options,
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: backOffMs,
    slotsRefreshTimeout: config.commandTimeoutMs,
    maxRedirections: 4,
    // Nodes announce addresses, certificates carry names: the name that was configured must not be lost.
    ...(config.tls.enabled && { dnsLookup: (address, done) => done(null, address) }),
  });
}

/**
 * One connection for subscriptions, without reconnection: its owner makes the next one. In a cluster every node passes
 * on every message, so any of them will do.
 * @param attempt counts up, so that another node gets its turn
 */
export function createSubscriber(config: RedisConfig, name: string, attempt: number): Redis {
  const { nodes } = config.cluster;
  const place = nodes.length > 0 ? nodes[attempt % nodes.length]! : placeOf(config);
  return new Redis({ ...nodeOptions(config, name), ...place, retryStrategy: () => null });
}

/** Wait before the next attempt: 50 ms doubled each time up to 2 s, spread so that processes do not come all at once. */
export function backOffMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt - 1, 10), 2000) + Math.random() * 100;
}

/** Where the client connects to, for people. */
export function redisPlace({ host, port, sentinel, cluster }: RedisConfig): string {
  const list = (nodes: readonly { host: string; port: number }[]) =>
    nodes.map((node) => `${node.host}:${node.port}`).join(', ');
  if (cluster.nodes.length > 0) return `redis.cluster ${list(cluster.nodes)}`;
  if (sentinel.nodes.length > 0) return `redis.sentinel ${sentinel.master} of ${list(sentinel.nodes)}`;
  return `redis ${host}:${port}`;
}

function nodeOptions(config: RedisConfig, name: string): NodeOptions {
  const { username, password, db, connectTimeoutMs, commandTimeoutMs } = config;
  const tls = tlsOptions(config);
  return {
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls !== null && { tls }),
    db,
    connectionName: name,
    // One command less that an ACL must allow; servers before 7.2 do not know it.
    disableClientInfo: true,
    connectTimeout: connectTimeoutMs,
    socketTimeout: commandTimeoutMs,
    disconnectTimeout: GOODBYE_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    lazyConnect: true,
  };
}

function placeOf(config: RedisConfig): NodeOptions {
  const { host, port, sentinel, tls, commandTimeoutMs } = config;
  if (sentinel.nodes.length === 0) return { host, port };
  const secure = tlsOptions(config);
  return {
    sentinels: [...sentinel.nodes],
    name: sentinel.master,
    ...(sentinel.username !== null && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== null && { sentinelPassword: sentinel.password }),
    ...(secure !== null && { sentinelTLS: secure }),
    enableTLSForSentinelMode: tls.enabled,
    sentinelCommandTimeout: commandTimeoutMs,
    sentinelRetryStrategy: backOffMs,
    failoverDetector: true,
  };
}

function tlsOptions({ tls }: RedisConfig): ConnectionOptions | null {
  if (!tls.enabled) return null;
  try {
    const options = {
      ...(tls.caFile !== null && { ca: readFileSync(tls.caFile) }),
      ...(tls.certFile !== null && { cert: readFileSync(tls.certFile) }),
      ...(tls.keyFile !== null && { key: readFileSync(tls.keyFile) }),
    };
    createSecureContext(options);
    // Texts that are no certificates would be trusted as an empty list.
    if (options.ca !== undefined) new X509Certificate(options.ca);
    return { ...options, ...(tls.serverName !== null && { servername: tls.serverName }) };
  } catch (cause) {
    throw new UndertoneError('UT_REDIS_TLS', `${(cause as Error).message}.`, { place: 'redis.tls', cause });
  }
}

/** After a failover the same address may belong to a replica: connecting again finds the master. */
function isReplica(error: Error): boolean {
  return error.message.startsWith('READONLY');
}
