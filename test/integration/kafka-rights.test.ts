import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaOptionsOf } from '../../src/app/kafka-options.js';
import { type KafkaTask, rightsOf } from '../../src/app/kafka-rights.js';
import { topicDefinitionsOf } from '../../src/app/topic-definitions.js';
import { type Bus, createKafkaBus, type DriverName, type PartitionReader } from '../../src/bus/index.js';
import { withAclAdmin } from '../../src/cli/kafka/open.js';
import { runCommandLine } from '../../src/cli/program.js';
import { systemClock } from '../../src/clock.js';
import { configSchema } from '../../src/config/index.js';
import { eventually } from '../support/api.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { DRIVERS } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';

const { DESCRIBE, ALTER } = AclOperationTypes;
const LONG_MS = 60_000;
/** On a machine with many others at work. */
const START_MS = 120_000;

const topic = (name: string) => `undertone.${name}.v1`;
const RESULTS = ['emotions', 'calls', 'alerts'];
const ALL = ['audio', ...RESULTS, 'dead-letters'];

/** Who has the rights of which task, as the guide lists them. */
const TASKS = {
  gateway: ['gateway'],
  worker: ['worker'],
  console: ['console'],
  differ: ['topics diff'],
  applier: ['topics apply'],
  lister: ['dead-letters list'],
  replayer: ['dead-letters replay'],
  eraser: ['erase'],
  nobody: [],
} as const satisfies Record<string, readonly KafkaTask[]>;
/** May change the list of rights, and is the first to be given any. */
const GRANTER = 'granter';
type User = keyof typeof TASKS | typeof GRANTER;

const USERS = Object.keys(TASKS) as (keyof typeof TASKS)[];

describeWith(['kafka'], 'the rights that the guide lists are enough', () => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    const users = Object.fromEntries([...USERS, GRANTER].map((user) => [user, 'secret']));
    broker = await startBroker({ acls: true, sasl: { mechanism: 'PLAIN', users } });
    await broker.admin.createTopics(topicDefinitionsOf(configOf('kafkajs', 'gateway')));
    await makeGranter();
    for (const user of USERS) await grant(user);
  }, START_MS);
  afterAll(() => broker?.stop());

  /** Returns once the broker has heard of it. */
  async function makeGranter(): Promise<void> {
    const acl = [DESCRIBE, ALTER].map((operation) => ({
      resourceType: AclResourceTypes.CLUSTER,
      resourceName: 'kafka-cluster',
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${GRANTER}`,
      host: '*',
      operation,
      permissionType: AclPermissionTypes.ALLOW,
    }));
    await broker.admin.with((admin) => admin.createAcls({ acl }));
    const mayLook = () =>
      withAclAdmin(configOf('kafkajs', GRANTER), (admin) => admin.list()).then(
        () => true,
        () => false,
      );
    await eventually(mayLook, (allowed) => allowed, 10_000);
  }

  async function grant(user: keyof typeof TASKS): Promise<void> {
    const config = configOf('kafkajs', GRANTER);
    const rights = TASKS[user].flatMap((task) => rightsOf(task, config));
    if (rights.length === 0) return;
    await withAclAdmin(config, (admin) => admin.allow(`User:${user}`, rights));
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

  test('`topics acls` finds what is there, adds what is missing, and says what is too much', async () => {
    const acls = (...args: string[]) => run('kafkajs', GRANTER, 'topics', 'acls', ...args);
    const there = await acls(
      '--gateway',
      'User:gateway',
      '--worker',
      'User:worker',
      '--console',
      'User:console',
    );
    expect(there.code, there.text).toBe(0);
    expect(there.text).toContain('Everybody may do what is needed, and no more.');

    const before = await acls('--worker', 'User:CN=new,O=x', '--operator', 'User:ops');
    expect(before.code).toBe(1);
    expect(before.text).toContain('missing: Read on group undertone-worker\n');
    const added = await acls('--worker', 'User:CN=new,O=x', '--operator', 'User:ops', '--apply');
    expect(added.code, added.text).toBe(0);
    expect(added.text).toContain(
      `+ worker User:CN=new,O=x: ${rightsOf('worker', configOf('kafkajs', GRANTER)).length} rights added`,
    );

    const wide = await acls('--gateway', 'User:worker', '--apply');
    expect(wide.text).toContain('more than is needed: Read on group undertone-worker for User:worker');
  });

  test('`topics acls` without the right to look says so', async () => {
    const { code, text } = await run('kafkajs', 'nobody', 'topics', 'acls', '--worker', 'User:worker');
    expect(code).toBe(1);
    expect(text).toContain('UT_KAFKA_AUTHORIZATION');
  });

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
          expect(text).toMatch(
            /UT_KAFKA_AUTHORIZATION|this user may not describe them|the rights on the group .* may be missing/,
          );
        }
      });
    });
  }
});
