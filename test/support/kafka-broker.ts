import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Certificates, makeCertificates, replaceCertificates } from './servers/certificates.js';
import { freePorts } from './servers/free-ports.js';
import { guardedFolder } from './servers/guard.js';
import { KafkaAdmin } from './servers/kafka-admin.js';
import {
  type BrokerSecurity,
  type NodePlan,
  type NodePorts,
  propertiesText,
  scramArguments,
} from './servers/kafka-properties.js';
import { ServerProcess } from './servers/server-process.js';

/** All that Kafka's programs need, brought by scripts/setup-kafka.mjs. */
export const KAFKA_CLASS_PATH = fileURLToPath(new URL('../../.cache/kafka/lib/*', import.meta.url));

const CLUSTER_ID = 'dW5kZXJ0b25lLXRlc3RzLQ';
/** Quick to start: the second compiler would need longer than most tests run. */
const JAVA_OPTIONS = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

export interface BrokerOptions extends BrokerSecurity {
  /** Any line of `server.properties`, such as `message.max.bytes`. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Added to the virtual machine's; `-XX:TieredStopAtLevel=4` where a benchmark wants it at full speed. */
  readonly javaOptions?: readonly string[];
}

/** One member of a cluster, alone in most tests. Data and ports stay the same until `stop`. */
export class KafkaBroker {
  /** `host:port` of the listener for clients. */
  readonly bootstrap: string;
  readonly admin: KafkaAdmin;
  /** Where clients have to use TLS. */
  readonly certificates: Certificates | undefined;
  readonly #plan: NodePlan;
  readonly #javaOptions: readonly string[];
  readonly #server: ServerProcess;

  constructor(plan: NodePlan, javaOptions: readonly string[] = []) {
    const { folder, ports } = plan;
    this.#plan = plan;
    this.#javaOptions = [...JAVA_OPTIONS, ...javaOptions, '-cp', KAFKA_CLASS_PATH];
    this.bootstrap = `127.0.0.1:${ports.client}`;
    this.certificates = plan.certificates;
    this.admin = new KafkaAdmin(plan.members.map(({ internal }) => `127.0.0.1:${internal}`));
    this.#server = new ServerProcess({
      name: `Kafka broker ${plan.nodeId}`,
      program: 'java',
      args: [...this.#javaOptions, 'kafka.Kafka', this.#propertiesFile],
      logFile: join(folder, 'log'),
      isReady: () => this.#holdsItsPartitions(),
    });
  }

  get pid(): number | undefined {
    return this.#server.pid;
  }

  /** Where its partitions lie, a folder each. */
  get dataFolder(): string {
    return join(this.#plan.folder, 'data');
  }

  /** Before the first start; formats the data folder. */
  async prepare(): Promise<void> {
    writeFileSync(this.#propertiesFile, propertiesText(this.#plan));
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', this.#propertiesFile];
    const users = scramArguments(this.#plan.security);
    await promisify(execFile)('java', [...this.#javaOptions, ...format, ...users]);
  }

  /** Brings it back after `kill`; it serves when this returns, and is in sync with the others. */
  start(): Promise<void> {
    return this.#server.start();
  }

  /** Starts without waiting, for clusters. */
  launch(): void {
    this.#server.launch();
  }

  ready(): Promise<void> {
    return this.#server.ready();
  }

  /** In good order, with the certificates that lie there now. */
  async restart(): Promise<void> {
    await this.#server.stop();
    writeFileSync(this.#propertiesFile, propertiesText(this.#plan));
    await this.#server.start();
  }

  /** SIGKILL; what it has stays. */
  kill(): Promise<void> {
    return this.#server.kill();
  }

  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void {
    this.#server.freeze();
  }

  thaw(): void {
    this.#server.thaw();
  }

  /** Ends it for good and removes its data. */
  async stop(): Promise<void> {
    await this.#server.kill();
    rmSync(this.#plan.folder, { recursive: true, force: true });
  }

  get #propertiesFile(): string {
    return join(this.#plan.folder, 'server.properties');
  }

  async #holdsItsPartitions(): Promise<boolean> {
    const { nodeId, ports } = this.#plan;
    const own = new KafkaAdmin([`127.0.0.1:${ports.internal}`], 0);
    return own.with(async (admin) => {
      const { brokers } = await admin.describeCluster();
      if (!brokers.some((broker) => broker.nodeId === nodeId)) return false;
      const { topics } = await admin.fetchTopicMetadata();
      return topics
        .flatMap(({ partitions }) => partitions)
        .every(
          ({ leader, replicas, isr }) => leader >= 0 && (!replicas.includes(nodeId) || isr.includes(nodeId)),
        );
    });
  }
}

/** A broker of its own, serving within about three seconds. */
export async function startBroker(options: BrokerOptions = {}): Promise<KafkaBroker> {
  const { brokers } = await startCluster(1, options);
  return brokers[0]!;
}

/** Brokers that replicate everything to three, of which two must confirm, so that one may die. */
export interface KafkaCluster {
  readonly bootstrap: string;
  readonly brokers: readonly KafkaBroker[];
  readonly admin: KafkaAdmin;
  /** Puts certificates of another authority in the place of those there are, and restarts one broker after the other. */
  renewCertificates(): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(size: number, options: BrokerOptions = {}): Promise<KafkaCluster> {
  const brokers = await planBrokers(size, options);
  await Promise.all(brokers.map((broker) => broker.prepare()));
  for (const broker of brokers) broker.launch();
  await Promise.all(brokers.map((broker) => broker.ready()));
  return {
    bootstrap: brokers.map(({ bootstrap }) => bootstrap).join(','),
    brokers,
    admin: brokers[0]!.admin,
    async renewCertificates() {
      replaceCertificates(brokers[0]!.certificates!, makeCertificates(guardedFolder('certificates')));
      for (const broker of brokers) await broker.restart();
    },
    async stop() {
      await Promise.all(brokers.map((broker) => broker.stop()));
    },
  };
}

async function planBrokers(size: number, options: BrokerOptions): Promise<readonly KafkaBroker[]> {
  const { properties: extra = {}, javaOptions, ...security } = options;
  if (security.acls && security.sasl === undefined)
    throw new Error('Without sasl nobody has a name to grant to.');
  const certificates = security.tls ? makeCertificates(guardedFolder('certificates')) : undefined;
  const ports = await freePorts(3 * size);
  const members = Array.from({ length: size }, (_, index): NodePorts => {
    const [client, internal, controller] = ports.slice(3 * index) as [number, number, number];
    return { client, internal, controller };
  });
  return members.map((own, index) => {
    const folder = guardedFolder('kafka');
    return new KafkaBroker(
      { nodeId: index + 1, members, ports: own, folder, security, certificates, extra },
      javaOptions,
    );
  });
}
