import { afterEach, expect, test } from 'vitest';
import {
  listenTo,
  type PublisherBench,
  pointOf,
  raised,
  someCall,
  startPublisher,
} from '../support/redis-bench.js';
import { startRedisCluster, startSentinelSet } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';

const LONG_MS = 60_000;
/** As docs/redis.md tells operators to write them. */
const RULES =
  'resetchannels ~undertone:* &undertone:* +set +del +publish +info +hello +auth +client|setname +select +cluster|slots +cluster|info';

describeWith(['redis'], 'Redis in several processes', () => {
  const ends: (() => Promise<void>)[] = [];
  const call = someCall('call-1');

  const publish = async (changes: Parameters<typeof startPublisher>[0]): Promise<PublisherBench> => {
    const bench = await startPublisher(changes);
    ends.unshift(() => bench.publisher.close(0));
    return bench;
  };

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  test('Sentinel: after a failover the new master has the latest state', { timeout: LONG_MS }, async () => {
    const set = await startSentinelSet();
    ends.push(() => set.stop());
    const nodes = [{ host: '127.0.0.1', port: set.sentinel.port }];
    const { publisher, until } = await publish({ sentinel: { nodes, master: set.masterName } });
    await until(({ isUp }) => isUp);
    publisher.point(pointOf(call, 0));
    await until(({ counts }) => counts['published point'] === 1);
    await set.master.kill();
    await until(({ isUp }) => !isUp);
    publisher.point(pointOf(call, 1));
    await until(({ isUp }) => isUp);
    await until(({ counts }) => (counts['state written'] ?? 0) >= 2);
    expect(await set.masterPort()).toBe(set.replica.port);
    expect(await set.replica.cli('GET', 'undertone:call:call-1')).toContain('"windowIndex":1');
  });

  test('Sentinel: a set that nobody knows is told', { timeout: LONG_MS }, async () => {
    const set = await startSentinelSet();
    ends.push(() => set.stop());
    const nodes = [{ host: '127.0.0.1', port: set.sentinel.port }];
    const { until } = await publish({ sentinel: { nodes, master: 'another' } });
    await until(({ codes }) => codes.includes('UT_REDIS_UNREACHABLE'));
  });

  test('Cluster: states spread over the nodes, messages reach subscribers of any node', {
    timeout: LONG_MS,
  }, async () => {
    const cluster = await startRedisCluster();
    for (const node of cluster.nodes)
      await node.cli('ACL', 'SETUSER', 'undertone', 'on', '>p', ...RULES.split(' '));
    ends.push(() => cluster.stop());
    const [first, second, third] = cluster.nodes;
    const nodes = [{ host: '127.0.0.1', port: first!.port }];
    const { publisher, until, record } = await publish({
      cluster: { nodes },
      username: 'undertone',
      password: 'p',
    });
    await until(({ isUp }) => isUp);
    const listeners = await Promise.all(cluster.nodes.map((node) => listenTo(node)));
    const calls = Array.from({ length: 30 }, (_, i) => someCall(`call-${i}`));
    for (const each of calls) publisher.point(pointOf(each, 0));
    publisher.alert(raised(calls[0]!));
    await Promise.all(listeners.map((listener) => listener.until(() => listener.messages.length === 31)));
    for (const listener of listeners) listener.close();
    expect(record.counts).toMatchObject({ 'published point': 30, 'state written': 30 });
    const sizes = await Promise.all(cluster.nodes.map((node) => node.cli('DBSIZE')));
    expect(sizes.map(Number).reduce((a, b) => a + b)).toBe(30);
    expect(sizes.every((size) => Number(size) > 0)).toBe(true);

    // A slot moves: the first command after it is redirected.
    const slot = await second!.cli('CLUSTER', 'KEYSLOT', 'undertone:call:moved');
    const owner = (await ownerOf(slot, cluster.nodes))!;
    const target = [first!, second!, third!].find((node) => node !== owner)!;
    const id = await target.cli('CLUSTER', 'MYID');
    for (const node of [target, owner, ...cluster.nodes])
      await node.cli('CLUSTER', 'SETSLOT', slot, 'NODE', id);
    publisher.point(pointOf(someCall('moved'), 0));
    await until(({ counts }) => counts['state written'] === 31);
    expect(await target.cli('GET', 'undertone:call:moved')).toContain('"moved"');

    // One node freezes: what lies on it fails, what lies on the others goes on.
    third!.freeze();
    for (let i = 1; i < 200; i++) {
      for (const each of calls) publisher.point(pointOf(each, i));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(({ counts }) => (counts['state refused'] ?? 0) > 0);
    await until(({ counts }) => (counts['published point'] ?? 0) > 100 * 30);
    third!.thaw();
    publisher.point(pointOf(calls[0]!, 200));
    await until(({ counts }) => (counts['state written'] ?? 0) > 60);
    await until(({ isUp }) => isUp);
  });
});

async function ownerOf<Node extends { cli(...command: string[]): Promise<string> }>(
  slot: string,
  nodes: readonly Node[],
): Promise<Node | undefined> {
  for (const node of nodes) {
    const ranges = (await node.cli('CLUSTER', 'NODES')).split('\n').find((line) => line.includes('myself'))!;
    const [from, to] = ranges.split(' ').at(-1)!.split('-').map(Number);
    if (Number(slot) >= from! && Number(slot) <= (to ?? from!)) return node;
  }
  return undefined;
}
