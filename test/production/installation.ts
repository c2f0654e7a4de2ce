import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Journal } from '../chaos/journal.js';
import { WorkerProcess } from '../chaos/worker-process.js';
import { type KafkaCluster, startCluster } from '../support/kafka-broker.js';
import { type PrometheusServer, startPrometheus } from '../support/prometheus-server.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { Certificates } from '../support/servers/certificates.js';
import { freePorts } from '../support/servers/free-ports.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import type { ProductionOptions } from './options.js';

const RULE_FILE = fileURLToPath(new URL('../../deploy/prometheus/undertone.rules.yaml', import.meta.url));
/** They take nobody without a certificate. */
const STRICT_BROKERS = { tls: true, properties: { 'listener.name.client.ssl.client.auth': 'required' } };

/** Servers and every process of an installation, each role on its own, as the chart deploys them. */
export interface Installation {
  readonly cluster: KafkaCluster;
  readonly redis: RedisServer;
  /** It scrapes every process each second, with the rules that operators get. */
  readonly prometheus: PrometheusServer;
  readonly gateway: WorkerProcess;
  readonly console: WorkerProcess;
  readonly workers: readonly WorkerProcess[];
  /** `path=value` by which a command finds the cluster. */
  readonly kafkaSettings: readonly string[];
  readonly feedUrl: string;
  /** That of all processes of the product, where a step wants to set it. */
  readonly clock: FakeClock | null;
  readonly metricsUrls: readonly string[];
  close(): Promise<void>;
}

/** Starts everything, with topics as `undertone topics apply` makes them; all processes are ready when it returns. */
export async function startInstallation(options: ProductionOptions, journal: Journal): Promise<Installation> {
  const clock = options.steps.includes('clock-set') ? createFakeClock() : null;
  const secure = options.steps.includes('certificates-renewed');
  const [cluster, redis] = await Promise.all([
    startCluster(options.brokers, secure ? STRICT_BROKERS : {}),
    startRedis({ tls: secure }),
  ]);
  const kafkaSettings = settingsText({
    'bus.kind': 'kafka',
    'bus.partitions': options.partitions,
    'bus.kafka.brokers': cluster.bootstrap.split(','),
    'bus.kafka.replicationFactor': Math.min(3, options.brokers),
    ...tlsSettings('bus.kafka.tls', cluster.brokers[0]!.certificates),
  });
  await applyTopics(options.program, kafkaSettings);
  const names = [...Array.from({ length: options.workers }, (_, n) => `worker-${n}`), 'console', 'gateway'];
  const ports = await freePorts(names.length);
  const processes = names.map((name, i) => {
    const own = settingsText({
      ...settingsOf(name, options),
      'redis.port': redis.port,
      ...tlsSettings('redis.tls', redis.certificates),
      'http.port': ports[i]!,
    });
    const settings = [...kafkaSettings, ...own];
    const environment = clock?.environment ?? {};
    return new WorkerProcess({ name, program: options.program, settings, environment }, journal);
  });
  for (const process of processes) process.start();
  await Promise.all(processes.map((process) => process.ready()));
  const targets = ports.map((port) => `127.0.0.1:${port}`);
  const prometheus = await startPrometheus({ targets, ruleFile: RULE_FILE });
  return {
    cluster,
    redis,
    prometheus,
    clock,
    gateway: processes.at(-1)!,
    console: processes.at(-2)!,
    workers: processes.slice(0, -2),
    kafkaSettings,
    feedUrl: `ws://127.0.0.1:${ports.at(-1)}`,
    metricsUrls: ports.map((port) => `http://127.0.0.1:${port}/metrics`),
    async close() {
      for (const process of [...processes].reverse()) await process.retire();
      await Promise.all([prometheus.stop(), cluster.stop(), redis.stop()]);
    },
  };
}

function settingsOf(name: string, { calls, bundle }: ProductionOptions): Readonly<Record<string, unknown>> {
  const [role] = name.split('-');
  return {
    roles: [role],
    'bus.kafka.clientId': name,
    'redis.enabled': true,
    // A feed that was cut off comes again before the gateway has forgotten the old one.
    'gateway.maxStreams': 2 * calls,
    'gateway.maxStreamsPerTenant': 2 * calls,
    'model.threads': 1,
    ...(bundle === null ? {} : { 'model.bundle': bundle }),
  };
}

/** With a certificate of a client, and with nothing where the server has none. */
function tlsSettings(
  section: string,
  certificates: Certificates | undefined,
): Readonly<Record<string, unknown>> {
  if (certificates === undefined) return {};
  return {
    [`${section}.enabled`]: true,
    [`${section}.caFile`]: certificates.caFile,
    [`${section}.certFile`]: certificates.clientCertFile,
    [`${section}.keyFile`]: certificates.clientKeyFile,
  };
}

async function applyTopics(program: string, settings: readonly string[]): Promise<void> {
  const args = settings.flatMap((setting) => ['--set', setting]);
  await promisify(execFile)(process.execPath, [program, ...args, 'topics', 'apply']);
}

function settingsText(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).map(
    ([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}
