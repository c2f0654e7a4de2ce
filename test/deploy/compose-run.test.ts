import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { CallSummary } from '../../src/timeline/index.js';
import { eventually } from '../support/api.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';
import { freePorts } from '../support/servers/free-ports.js';
import { guardedFolder } from '../support/servers/guard.js';
import { fileOf, loadProject, type Project, SECRETS } from './support/compose.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROLES = ['gateway', 'worker', 'console'] as const;
/** Where a container listens, and what it is called there: the test's broker has ports and names of its own. */
const NETWORK = /LISTENER|QUORUM|NODE_ID|PROCESS_ROLES|LOG_DIRS|HEAP_OPTS/;

/** The properties that the image of Kafka makes of `KAFKA_…` variables, without those of the network. */
function propertiesOf(environment: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(environment).filter((name) => name.startsWith('KAFKA_') && !NETWORK.test(name));
  return Object.fromEntries(
    names.map((name) => [
      name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.'),
      String(environment[name]),
    ]),
  );
}

/**
 * What compose.yaml says, carried out without containers: its commands, variables and configuration, with addresses of this
 * machine in the place of the services' names.
 */
describeWith(['kafka', 'redis', 'deploy-tools'], 'what the Compose file starts', () => {
  const configFile = join(guardedFolder('compose'), 'undertone.yaml');
  const children: ChildProcess[] = [];
  let services: Project['services'];
  let broker: KafkaBroker;
  let redis: RedisServer;
  let ports: Readonly<Record<string, number>>;

  beforeAll(async () => {
    services = loadProject().services;
    const given = await freePorts(ROLES.length);
    ports = Object.fromEntries(ROLES.map((role, index) => [role, given[index]!]));
    broker = await startBroker({ properties: propertiesOf(services.kafka!.environment!) });
    redis = await startRedis();
    const config = parse(readFileSync(fileOf('undertone.yaml'), 'utf8'));
    config.http.host = '127.0.0.1';
    config.bus.kafka.brokers = [broker.bootstrap];
    Object.assign(config.redis, { host: '127.0.0.1', port: redis.port });
    writeFileSync(configFile, stringify(config));
  }, 120_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await broker?.stop();
    await redis?.stop();
  });

  /** Starts a service; `ended` resolves to its exit code. */
  function launch(name: string, ...more: readonly string[]) {
    const { command, environment } = services[name]!;
    const words = command!.map((word) => word.replace('gateway:8080', `127.0.0.1:${ports.gateway}`));
    const port = ports[name] === undefined ? {} : { UNDERTONE_HTTP_PORT: String(ports[name]) };
    const child = spawn(process.execPath, ['dist/cli/main.js', ...words, ...more], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...environment, ...port, UNDERTONE_CONFIG: configFile },
    });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    return {
      child,
      output: () => output,
      ended: new Promise<number | null>((resolve) => child.once('exit', resolve)),
    };
  }

  const statusOf = async (role: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${ports[role]}/health/ready`).catch(() => ({ status: 0 }))).status;

  const calls = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${ports.console}/api/calls`, { headers });

  it('makes the topics, takes the demo calls in, shows them to who has the token, and ends', async () => {
    const topics = launch('topics');
    expect(await topics.ended, topics.output()).toBe(0);
    const roles = ROLES.map((role) => launch(role));
    for (const role of ROLES)
      await eventually(
        () => statusOf(role),
        (status) => status === 200,
        60_000,
      );

    const demo = launch('demo', '--speed=0');
    expect(await demo.ended, demo.output()).toBe(0);
    expect((await calls({})).status).toBe(401);
    const heard = await eventually(
      async () => {
        const answer = await calls({ authorization: `Bearer ${SECRETS.CONSOLE_TOKEN}` });
        return ((await answer.json()) as { calls: CallSummary[] }).calls;
      },
      (all) => all.length === 3 && all.every(({ state }) => state === 'ended'),
      60_000,
    );
    for (const { legs } of heard) expect(legs.customer?.windows).toBeGreaterThan(10);
    expect(await (await fetch(`http://127.0.0.1:${ports.worker}/metrics`)).text()).toContain(
      'undertone_redis_up 1',
    );

    for (const { child } of roles) child.kill('SIGTERM');
    expect(await Promise.all(roles.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  }, 240_000);
});
