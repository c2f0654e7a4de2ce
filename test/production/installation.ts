import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Journal } from '../chaos/journal.js';
import { WorkerProcess } from '../chaos/worker-process.js';
import { type KafkaCluster, startCluster } from '../support/kafka-broker.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { freePorts } from '../support/servers/free-ports.js';
import type { ProductionOptions } from './options.js';

/** Servers and every process of an installation, each role on its own, as the chart deploys them. */
export interface Installation {
  readonly cluster: KafkaCluster;
  readonly redis: RedisServer;
  readonly gateway: WorkerProcess;
  readonly console: WorkerProcess;
  readonly workers: readonly WorkerProcess[];
  /** `path=value` by which a command finds the cluster. */
  readonly kafkaSettings: readonly string[];
  readonly feedUrl: string;
  readonly metricsUrls: readonly string[];
  close(): Promise<void>;
}

/** Starts everything, with topics as `undertone topics apply` makes them; all processes are ready when it returns. */
export async function startInstallation(options: ProductionOptions, journal: Journal): Promise<Installation> {
  const [cluster, redis] = await Promise.all([startCluster(options.brokers), startRedis()]);
  const kafkaSettings = settingsText({
    'bus.kind': 'kafka',
    'bus.partitions': options.partitions,
    'bus.kafka.brokers': cluster.bootstrap.split(','),
    'bus.kafka.replicationFactor': Math.min(3, options.brokers),
  });
  await applyTopics(options.program, kafkaSettings);
  const names = [...Array.from({ length: options.workers }, (_, n) => `worker-${n}`), 'console', 'gateway'];
  const ports = await freePorts(names.length);
  const processes = names.map((name, i) => {
    const own = settingsText({
      ...settingsOf(name, options),
      'redis.port': redis.port,
      'http.port': ports[i]!,
    });
    const settings = [...kafkaSettings, ...own];
    return new WorkerProcess({ name, program: options.program, settings }, journal);
  });
  for (const process of processes) process.start();
  await Promise.all(processes.map((process) => process.ready()));
  return {
    cluster,
    redis,
    gateway: processes.at(-1)!,
    console: processes.at(-2)!,
    workers: processes.slice(0, -2),
    kafkaSettings,
    feedUrl: `ws://127.0.0.1:${ports.at(-1)}`,
    metricsUrls: ports.map((port) => `http://127.0.0.1:${port}/metrics`),
    async close() {
      for (const process of [...processes].reverse()) await process.retire();
      await Promise.all([cluster.stop(), redis.stop()]);
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

async function applyTopics(program: string, settings: readonly string[]): Promise<void> {
  const args = settings.flatMap((setting) => ['--set', setting]);
  await promisify(execFile)(process.execPath, [program, ...args, 'topics', 'apply']);
}

function settingsText(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).map(
    ([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}
