import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KafkaBroker, type KafkaCluster, startBroker, startCluster } from '../support/kafka-broker.js';
import { startRedis, startRedisCluster, startSentinelSet } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';
import { sharedBroker, sharedRedis } from '../support/shared-servers.js';

/** On a machine with many others at work. */
const LONG_MS = 120_000;
const USERS = { alice: 'right' };

/** Asks for a topic list through the clients' door. */
async function visibleTopics(
  { bootstrap, certificates }: KafkaBroker,
  sasl?: SASLOptions,
): Promise<readonly string[]> {
  const ssl = certificates ? { ca: [readFileSync(certificates.caFile, 'utf8')] } : false;
  const retry = { retries: 0 };
  const login = sasl === undefined ? {} : { sasl };
  const admin = new Kafka({ brokers: [bootstrap], ssl, ...login, retry, logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

describeWith(['kafka'], 'the broker of the tests', () => {
  const broker = sharedBroker();

  test('gives what it took, and still has it after a SIGKILL', { timeout: LONG_MS }, async () => {
    const { admin } = broker();
    await admin.createTopics([{ name: 'kept', partitions: 3 }]);
    await admin.send('kept', [{ key: 'CA1', value: 'hello', headers: { leg: 'customer' } }]);
    const expected = [{ key: 'CA1', value: Buffer.from('hello'), headers: { leg: 'customer' }, offset: 0 }];
    expect(await admin.readAll('kept')).toMatchObject(expected);
    await broker().kill();
    await broker().start();
    expect(await admin.readAll('kept')).toMatchObject(expected);
  });

  test('reads past transactions, the aborted ones unseen', async () => {
    const { admin, bootstrap } = broker();
    await admin.createTopics([{ name: 'in-transactions', partitions: 1 }]);
    const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ transactionalId: 't', idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (const outcome of ['commit', 'abort', 'commit', 'abort'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'in-transactions', messages: [{ value: outcome }] });
      await transaction[outcome]();
    }
    await producer.disconnect();
    const records = await admin.readAll('in-transactions');
    expect(records.map(({ offset, value }) => [offset, String(value)])).toEqual([
      [0, 'commit'],
      [4, 'commit'],
    ]);
  });

  test('answers nothing while it is frozen', async () => {
    broker().freeze();
    const outcome = visibleTopics(broker()).then(() => 'answered');
    const silence = new Promise((resolve) => setTimeout(resolve, 300, 'silent'));
    expect(await Promise.race([outcome, silence])).toBe('silent');
    broker().thaw();
    expect(await outcome).toBe('answered');
  });
});

describeWith(['kafka'], 'a broker that wants to know who comes', () => {
  test('SCRAM over TLS: the right password opens, the wrong one does not', { timeout: LONG_MS }, async () => {
    const broker = await startBroker({ tls: true, sasl: { mechanism: 'SCRAM-SHA-256', users: USERS } });
    const login = (password: string): SASLOptions => ({
      mechanism: 'scram-sha-256',
      username: 'alice',
      password,
    });
    expect(await visibleTopics(broker, login('right'))).toEqual([]);
    await expect(visibleTopics(broker, login('wrong'))).rejects.toThrow(/authentication/i);
    await broker.stop();
  });

  test('ACLs: only what is granted can be seen, until it is revoked', { timeout: LONG_MS }, async () => {
    const broker = await startBroker({ acls: true, sasl: { mechanism: 'PLAIN', users: USERS } });
    await broker.admin.createTopics([{ name: 'secret', partitions: 1 }]);
    const login: SASLOptions = { mechanism: 'plain', username: 'alice', password: 'right' };
    expect(await visibleTopics(broker, login)).toEqual([]);
    await broker.admin.grant('alice', [{ resource: 'topic', name: 'secret', operations: ['read', 'write'] }]);
    expect(await visibleTopics(broker, login)).toEqual(['secret']);
    await broker.admin.revoke('alice');
    expect(await visibleTopics(broker, login)).toEqual([]);
    await broker.stop();
  });

  test('an unsigned OAUTHBEARER token names the user', { timeout: LONG_MS }, async () => {
    const broker = await startBroker({ sasl: { mechanism: 'OAUTHBEARER', users: {} } });
    const nowS = Math.floor(Date.now() / 1000);
    const parts = [{ alg: 'none' }, { sub: 'alice', iat: nowS, exp: nowS + 600 }];
    const value = `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
    const login: SASLOptions = { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value }) };
    expect(await visibleTopics(broker, login)).toEqual([]);
    await broker.stop();
  });
});

describeWith(['kafka'], 'three brokers', () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startCluster(3);
  }, LONG_MS);
  afterAll(() => cluster.stop());

  test('serve on while one of them is dead, and it comes back', { timeout: LONG_MS }, async () => {
    const { admin, brokers } = cluster;
    await admin.createTopics([{ name: 'replicated', partitions: 3 }]);
    await brokers[1]!.kill();
    await admin.send('replicated', [{ key: 'k', value: 'without one' }]);
    await brokers[1]!.start();
    expect((await admin.readAll('replicated')).map(({ value }) => String(value))).toEqual(['without one']);
  });
});

describeWith(['redis'], 'the Redis of the tests', () => {
  const redis = sharedRedis();

  test('answers, and comes back empty on its port', async () => {
    await redis().cli('SET', 'a', '1');
    expect(await redis().cli('GET', 'a')).toBe('1');
    await redis().kill();
    await expect(redis().cli('PING')).rejects.toThrow();
    await redis().start();
    expect(await redis().cli('GET', 'a')).toBe('');
  });

  test('asks for user, password and TLS', async () => {
    const guarded = await startRedis({
      tls: true,
      users: [{ name: 'alice', password: 'right', rules: '~a* +get' }],
    });
    expect(guarded.url).toBe(`rediss://alice:right@127.0.0.1:${guarded.port}`);
    expect(await guarded.cli('ACL', 'LIST')).toContain('user alice on');
    await expect(guarded.cli('AUTH', 'alice', 'wrong')).rejects.toThrow();
    await guarded.stop();
  });

  test('a sentinel makes the replica master', async () => {
    const set = await startSentinelSet();
    expect(await set.masterPort()).toBe(set.master.port);
    await set.master.kill();
    await set.replica.answers(['ROLE'], 'master');
    await set.sentinel.answers(
      ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', set.masterName],
      String(set.replica.port),
    );
    await set.stop();
  });

  test('a cluster sends elsewhere for keys of other nodes', async () => {
    const cluster = await startRedisCluster();
    const answers = await Promise.allSettled(cluster.nodes.map((node) => node.cli('SET', 'a', '1')));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await cluster.stop();
  });
});
