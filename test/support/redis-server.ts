import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './api.js';
import { type Certificates, makeCertificates, replaceCertificates } from './servers/certificates.js';
import { freePorts } from './servers/free-ports.js';
import { guardedFolder } from './servers/guard.js';
import { ServerProcess } from './servers/server-process.js';

/** The name by which the tests themselves log in where a server asks for one. */
const OPERATOR = { name: 'operator', password: 'operator-secret' };
const SETTLE_LIMIT_MS = 15_000;

export interface RedisOptions {
  /** With these only they can log in; `rules` as in ACL SETUSER, by default everything is allowed. */
  readonly users?: readonly RedisUser[];
  /** Certificates for the occasion, that of a client checked where it brings one: `redis.certificates`. No other way in is open then. */
  readonly tls?: boolean;
  /** Any line of `redis.conf`. */
  readonly lines?: readonly string[];
}

export interface RedisUser {
  readonly name: string;
  readonly password: string;
  readonly rules?: string;
}

/** One server that keeps nothing on disk: killed and started again it is empty, on the same port. */
export class RedisServer {
  readonly port: number;
  /** Of the first user, where there are users. */
  readonly url: string;
  readonly certificates: Certificates | undefined;
  readonly #folder = guardedFolder('redis');
  readonly #cliArgs: readonly string[];
  readonly #server: ServerProcess;

  constructor(port: number, options: RedisOptions, mode: readonly string[] = []) {
    const user = options.users?.[0];
    const login = user ? `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@` : '';
    this.port = port;
    this.url = `redis${options.tls ? 's' : ''}://${login}127.0.0.1:${port}`;
    this.certificates = options.tls ? makeCertificates(this.#folder) : undefined;
    this.#cliArgs = cliArguments(port, this.certificates, user !== undefined);
    const file = join(this.#folder, 'redis.conf');
    const lines = [
      ...configurationLines(port, this.#folder, this.certificates, options),
      ...(options.lines ?? []),
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    this.#server = new ServerProcess({
      name: `redis-server on port ${port}`,
      program: 'redis-server',
      args: [file, ...mode],
      logFile: join(this.#folder, 'log'),
      isReady: async () => (await this.cli('PING')) === 'PONG',
    });
  }

  /** Runs one command with redis-cli. @throws where the server answers with an error or not at all */
  async cli(...command: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('redis-cli', [...this.#cliArgs, '-e', ...command], {
      timeout: 10_000,
    });
    return stdout.trimEnd();
  }

  /** Repeats a command until its answer contains the text. */
  async answers(command: readonly string[], text: string): Promise<void> {
    const ask = () => this.cli(...command);
    await eventually(ask, (answer) => answer.includes(text), SETTLE_LIMIT_MS);
  }

  /** Takes certificates of another authority without a restart, puts them in the place of its own, and ends every connection. */
  async renewCertificates(): Promise<void> {
    const next = makeCertificates(guardedFolder('certificates'));
    const files = [
      'tls-cert-file',
      next.certFile,
      'tls-key-file',
      next.keyFile,
      'tls-ca-cert-file',
      next.caFile,
    ];
    await this.cli('CONFIG', 'SET', ...files);
    replaceCertificates(this.certificates!, next);
    for (const type of ['normal', 'pubsub']) await this.cli('CLIENT', 'KILL', 'TYPE', type);
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  /** SIGKILL; `start` brings it back, empty. */
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

  async stop(): Promise<void> {
    await this.#server.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const [port] = (await freePorts(1)) as [number];
  const server = new RedisServer(port, options);
  await server.start();
  return server;
}

/** A master, its replica, and a sentinel that makes the replica master half a second after the master is gone. */
export interface SentinelSet {
  readonly masterName: string;
  readonly sentinel: RedisServer;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** As the sentinel sees it now. */
  masterPort(): Promise<number>;
  stop(): Promise<void>;
}

export async function startSentinelSet(): Promise<SentinelSet> {
  const masterName = 'undertone';
  const [sentinelPort] = (await freePorts(1)) as [number];
  const master = await startRedis();
  const replica = await startRedis({ lines: [`replicaof 127.0.0.1 ${master.port}`] });
  await replica.answers(['INFO', 'replication'], 'master_link_status:up');
  const lines = [
    `sentinel monitor ${masterName} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${masterName} 500`,
    `sentinel failover-timeout ${masterName} 2000`,
  ];
  const sentinel = new RedisServer(sentinelPort, { lines }, ['--sentinel']);
  await sentinel.start();
  await sentinel.answers(['SENTINEL', 'REPLICAS', masterName], String(replica.port));
  return {
    masterName,
    sentinel,
    master,
    replica,
    async masterPort() {
      const [, port] = (await sentinel.cli('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName)).split('\n');
      return Number(port);
    },
    async stop() {
      await Promise.all([sentinel, replica, master].map((server) => server.stop()));
    },
  };
}

/** Three masters that share the slots. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const ports = await freePorts(6);
  const nodes = [0, 1, 2].map((index) => {
    const lines = ['cluster-enabled yes', `cluster-port ${ports[index + 3]}`, 'cluster-node-timeout 1000'];
    return new RedisServer(ports[index]!, { lines });
  });
  await Promise.all(nodes.map((node) => node.start()));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await nodes[0]!.cli('--cluster', 'create', ...addresses, '--cluster-yes');
  await Promise.all(nodes.map((node) => node.answers(['CLUSTER', 'INFO'], 'cluster_state:ok')));
  return {
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

function configurationLines(
  port: number,
  folder: string,
  certificates: Certificates | undefined,
  { users }: RedisOptions,
): readonly string[] {
  const persistence = ['save ""', 'appendonly no'];
  const base = ['bind 127.0.0.1', `dir ${folder}`, ...persistence];
  const listening =
    certificates === undefined
      ? [`port ${port}`]
      : [
          'port 0',
          `tls-port ${port}`,
          `tls-cert-file ${certificates.certFile}`,
          `tls-key-file ${certificates.keyFile}`,
          `tls-ca-cert-file ${certificates.caFile}`,
          'tls-auth-clients optional',
        ];
  return [...base, ...listening, ...(users === undefined ? [] : userLines(users))];
}

function userLines(users: readonly RedisUser[]): readonly string[] {
  const all = [...users, OPERATOR].map(
    ({ name, password, rules = '~* &* +@all' }: RedisUser) => `user ${name} on >${password} ${rules}`,
  );
  return ['user default off', ...all];
}

function cliArguments(
  port: number,
  certificates: Certificates | undefined,
  hasUsers: boolean,
): readonly string[] {
  const login = hasUsers ? ['--user', OPERATOR.name, '--pass', OPERATOR.password, '--no-auth-warning'] : [];
  const tls = certificates === undefined ? [] : tlsArguments(certificates);
  return ['-h', '127.0.0.1', '-p', String(port), ...tls, ...login];
}

function tlsArguments({ caFile, clientCertFile, clientKeyFile }: Certificates): readonly string[] {
  return ['--tls', '--cacert', caFile, '--cert', clientCertFile, '--key', clientKeyFile];
}
