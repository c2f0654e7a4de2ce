import type { ConnectionOptions } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../../config/index.js';
import type { UndertoneError } from '../../errors.js';
import { LiveTls } from '../../tls-files.js';

/** A connection to one server, found directly or through sentinels, or to all masters of a cluster. */
export type RedisClient = Redis | Cluster;

/** What each connection takes its certificates from; null where none is encrypted. */
export type RedisTls = ConnectionOptions | null;

/** Without those whose types the constructors take by themselves. */
type NodeOptions = Omit<RedisOptions, 'replyMapping' | 'himportFieldsets'>;

/** How long a connection that is given up may take to say goodbye. */
const GOODBYE_MS = 200;

/**
 * Reads the files of `redis.tls`, and again for each connection: ioredis copies these options whenever it opens one.
 * @param onKept told where the files can't be used any more, and those from before are kept
 * @throws UT_REDIS_TLS where they can't be used now
 */
export function redisTls({ tls }: RedisConfig, onKept: (error: UndertoneError) => void): RedisTls {
  if (!tls.enabled) return null;
  const secure = new LiveTls({ section: 'redis.tls', code: 'UT_REDIS_TLS', ...tls }, onKept);
  return {
    get secureContext() {
      return secure.secureContext;
    },
    ...(tls.serverName !== null && { servername: tls.serverName }),
  };
}

/**
 * A client that never waits: what can not be sent now fails now, an answer that is overdue ends the connection, and a
 * lost connection comes back by itself. It begins with `connect()`.
 * @param name as `CLIENT LIST` shows it
 * @param tls of {@link redisTls}
 */
export function createRedisClient(config: RedisConfig, name: string, tls: RedisTls): RedisClient {
  const options = nodeOptions(config, name, tls);
  const { nodes } = config.cluster;
  if (nodes.length === 0) {
    return new Redis({
      ...options,
      ...placeOf(config, tls),
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
    ...(tls !== null && { dnsLookup: (address, done) => done(null, address) }),
  });
}

/**
 * One connection for subscriptions, without reconnection: its owner makes the next one. In a cluster every node passes
 * on every message, so any of them will do.
 * @param attempt counts up, so that another node gets its turn
 */
export function createSubscriber(config: RedisConfig, name: string, tls: RedisTls, attempt: number): Redis {
  const { nodes } = config.cluster;
  const place = nodes.length > 0 ? nodes[attempt % nodes.length]! : placeOf(config, tls);
  return new Redis({ ...nodeOptions(config, name, tls), ...place, retryStrategy: () => null });
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

function nodeOptions(config: RedisConfig, name: string, tls: RedisTls): NodeOptions {
  const { username, password, db, connectTimeoutMs, commandTimeoutMs } = config;
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

function placeOf(config: RedisConfig, tls: RedisTls): NodeOptions {
  const { host, port, sentinel, commandTimeoutMs } = config;
  if (sentinel.nodes.length === 0) return { host, port };
  return {
    sentinels: [...sentinel.nodes],
    name: sentinel.master,
    ...(sentinel.username !== null && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== null && { sentinelPassword: sentinel.password }),
    ...(tls !== null && { sentinelTLS: tls }),
    enableTLSForSentinelMode: tls !== null,
    sentinelCommandTimeout: commandTimeoutMs,
    sentinelRetryStrategy: backOffMs,
    failoverDetector: true,
  };
}

/** After a failover the same address may belong to a replica: connecting again finds the master. */
function isReplica(error: Error): boolean {
  return error.message.startsWith('READONLY');
}
