import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaOptionsOf } from '../../src/app/kafka-options.js';
import { topicDefinitionsOf } from '../../src/app/topic-definitions.js';
import { type Bus, createKafkaBus, type DriverName, type PartitionReader } from '../../src/bus/index.js';
import { runCommandLine } from '../../src/cli/program.js';
import { systemClock } from '../../src/clock.js';
import { configSchema } from '../../src/config/index.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { DRIVERS } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';

const { TOPIC, GROUP, TRANSACTIONAL_ID, CLUSTER } = AclResourceTypes;
const { READ, WRITE, CREATE, DESCRIBE, DESCRIBE_CONFIGS } = AclOperationTypes;
const { LITERAL, PREFIXED } = ResourcePatternTypes;
const LONG_MS = 60_000;

type Right = readonly [resource: number, name: string, operation: number, pattern?: number];

const topic = (name: string) => `undertone.${name}.v1`;
const onTopics = (operation: number, ...names: string[]): readonly Right[] =>
  names.map((name) => [TOPIC, topic(name), operation]);
const RESULTS = ['emotions', 'calls', 'alerts'];
const ALL = ['audio', ...RESULTS, 'dead-letters'];
const TAIL: Right = [GROUP, 'undertone-tail', READ, PREFIXED];

/** The table of docs/operator-guide.md; everybody may describe all topics. */
const RIGHTS = {
  gateway: onTopics(WRITE, 'audio'),
  worker: [
    ...onTopics(READ, ...ALL),
    ...onTopics(WRITE, ...RESULTS, 'dead-letters'),
    [GROUP, 'undertone-worker', READ],
    TAIL,
    [TRANSACTIONAL_ID, 'undertone-worker/', WRITE, PREFIXED],
    [TRANSACTIONAL_ID, 'undertone-worker/', DESCRIBE, PREFIXED],
  ],
  console: [...onTopics(READ, ...RESULTS), TAIL],
  differ: onTopics(DESCRIBE_CONFIGS, ...ALL),
  applier: [...onTopics(DESCRIBE_CONFIGS, ...ALL), [CLUSTER, 'kafka-cluster', CREATE]],
  lister: [...onTopics(READ, 'dead-letters'), TAIL],
  replayer: [...onTopics(READ, 'dead-letters', 'calls'), ...onTopics(WRITE, 'audio'), TAIL],
  eraser: [...onTopics(READ, 'calls'), ...onTopics(WRITE, 'audio'), TAIL],
  nobody: [],
} as const satisfies Record<string, readonly Right[]>;
type User = keyof typeof RIGHTS;

const USERS = Object.keys(RIGHTS) as User[];

describeWith(['kafka'], 'the rights that the guide lists are enough', () => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    const users = Object.fromEntries(USERS.map((user) => [user, 'secret']));
    broker = await startBroker({ acls: true, sasl: { mechanism: 'PLAIN', users } });
    for (const user of USERS) await grant(user);
    await broker.admin.createTopics(topicDefinitionsOf(configOf('kafkajs', 'gateway')));
  }, LONG_MS);
  afterAll(() => broker?.stop());

  async function grant(user: User): Promise<void> {
    const rights: readonly Right[] = [...onTopics(DESCRIBE, ...ALL), ...RIGHTS[user]];
    const acl = rights.map(([resourceType, resourceName, operation, pattern = LITERAL]) => ({
      resourceType,
      resourceName,
      operation,
      resourcePatternType: pattern,
      principal: `User:${user}`,
      host: '*',
      permissionType: AclPermissionTypes.ALLOW,
    }));
    await broker.admin.with((admin) => admin.createAcls({ acl }));
  }

  function settingsOf(driver: DriverName, username: User) {
    const sasl = { mechanism: 'PLAIN', username, password: 'secret' };
    const kafka = { driver, brokers: [broker.bootstrap], replicationFactor: 1, sasl };
    return { kind: 'kafka', partitions: 1, kafka };
  }
  function configOf(driver: DriverName, user: User) {
    return configSchema.parse({ bus: settingsOf(driver, user) });
  }

  async function asUser(driver: DriverName, user: User, work: (bus: Bus) => Promise<void>): Promise<void> {
    const bus = await createKafkaBus({ ...kafkaOptionsOf(configOf(driver, user)), clock: systemClock });
    try {
      await bus.start();
      await work(bus);
    } finally {
      await bus.close();
    }
  }

  async function run(driver: DriverName, user: User, ...args: string[]) {
    const lines: string[] = [];
    const write = (text: string) => void lines.push(text);
    const terminal = { colours: false, out: write, err: write };
    const bus = `bus=${JSON.stringify(settingsOf(driver, user))}`;
    const code = await runCommandLine(['--set', bus, ...args], terminal);
    return { code, text: lines.join('') };
  }

  const letter = { key: 'CA1', value: null, headers: { 'source-position': `${topic('audio')}/0/0` } };

  for (const { name: driver, needs } of DRIVERS) {
    describeWith(needs, `through ${driver}`, () => {
      test('gateway, worker, console', { timeout: LONG_MS }, async () => {
        await asUser(driver, 'gateway', async (bus) => {
          await bus.append(topic('audio'), letter);
        });
        await asUser(driver, 'worker', async (bus) => {
          const reader = await new Promise<PartitionReader>((resolve, reject) => {
            const listener = { onAssigned: resolve, onRevoked: async () => undefined };
            bus.subscribe(topic('audio'), 'undertone-worker', listener).catch(reject);
          });
          const [record] = await reader.read(1);
          for (const name of ALL) await bus.scan(topic(name), 0, 0, () => undefined);
          const results = [...RESULTS, 'dead-letters'].map((name) => ({ ...letter, topic: topic(name) }));
          await reader.commit(record!.offset + 1, results);
        });
        await asUser(driver, 'console', async (bus) => {
          const reader = await new Promise<PartitionReader>((resolve, reject) => {
            const listener = { onAssigned: resolve, onRevoked: async () => undefined };
            bus.follow(topic('alerts'), 0, listener).catch(reject);
          });
          expect(await reader.read(1)).toMatchObject([{ key: 'CA1' }]);
        });
      });

      test("the operator's commands", { timeout: LONG_MS }, async () => {
        const commands: readonly [User, ...string[]][] = [
          ['differ', 'topics', 'diff'],
          ['applier', 'topics', 'apply'],
          ['lister', 'dead-letters', 'list'],
          ['replayer', 'dead-letters', 'replay'],
        ];
        for (const [user, ...args] of commands) {
          const { code, text } = await run(driver, user, ...args);
          expect(code, `${user}: ${text}`).toBe(0);
        }
        const { text } = await run(driver, 'eraser', 'erase', 'CA9', '--tenant', 'acme', '--timeout', '1s');
        expect(text).toContain('UT_CLI_ERASE_PENDING');
      });

      test('without them the error says so', { timeout: LONG_MS }, async () => {
        for (const args of [
          ['topics', 'diff'],
          ['dead-letters', 'list'],
        ]) {
          const { code, text } = await run(driver, 'nobody', ...args);
          expect(code).toBe(1);
          expect(text).toMatch(/UT_KAFKA_AUTHORIZATION|the rights on the group .* may be missing/);
        }
      });
    });
  }
});
