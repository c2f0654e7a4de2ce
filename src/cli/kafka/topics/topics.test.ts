import { describe, expect, test } from 'vitest';
import type { FoundTopic, TopicAdmin, TopicDefinition } from '../../../bus/index.js';
import type { Allowance } from './changes.js';
import { reportTopics } from './command.js';
import { compareTopic } from './compare.js';

const CALLS: TopicDefinition = {
  name: 'calls',
  partitions: 12,
  replicationFactor: 3,
  settings: { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' },
};
const ALERTS: TopicDefinition = { ...CALLS, name: 'alerts', settings: { 'cleanup.policy': 'delete' } };
const asWanted = ({ name: _, ...rest }: TopicDefinition): FoundTopic => rest;

/** A cluster in memory; `created` are the names it was asked to make. */
function cluster(topics: Readonly<Record<string, FoundTopic>>) {
  const standing = new Map(Object.entries(topics));
  const created: string[] = [];
  const admin: TopicAdmin = {
    connect: async () => undefined,
    close: async () => undefined,
    describe: async (names) => new Map([...standing].filter(([name]) => names.includes(name))),
    async create(definitions) {
      for (const definition of definitions) {
        standing.set(definition.name, asWanted(definition));
        created.push(definition.name);
      }
    },
    async alter(topic, settings) {
      const found = standing.get(topic)!;
      standing.set(topic, { ...found, settings: { ...found.settings, ...settings } });
    },
  };
  return { admin, created };
}

async function report(
  admin: TopicAdmin,
  applies: boolean,
  wanted = [CALLS, ALERTS],
  ...allowed: readonly Allowance[]
) {
  const out: string[] = [];
  const terminal = { colours: false, out: (text: string) => void out.push(text), err: () => undefined };
  const options = { allowed: applies ? new Set(allowed) : null, brokers: 'b1:9092,b2:9092', terminal };
  const code = await reportTopics(admin, wanted, options).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
  return { code, out: out.join('') };
}

describe('comparing a topic', () => {
  test('nothing differs where all is as wanted, whatever else is set', () => {
    const found = { ...asWanted(CALLS), settings: { ...CALLS.settings, 'segment.bytes': '1' } };
    expect(compareTopic(CALLS, found).differences).toEqual([]);
  });

  test('the order of cleanup policies means nothing', () => {
    const both = { ...CALLS, settings: { 'cleanup.policy': 'compact,delete' } };
    const found = { ...asWanted(both), settings: { 'cleanup.policy': 'delete, compact' } };
    expect(compareTopic(both, found).differences).toEqual([]);
  });

  test('partitions, copies and settings are each named', () => {
    const found = { partitions: 4, replicationFactor: 1, settings: { 'cleanup.policy': 'delete' } };
    expect(compareTopic(CALLS, found).differences).toEqual([
      { kind: 'partitions', wanted: 12, found: 4 },
      { kind: 'replication', wanted: 3, found: 1 },
      { kind: 'setting', name: 'cleanup.policy', wanted: 'compact', found: 'delete' },
      { kind: 'setting', name: 'message.timestamp.type', wanted: 'LogAppendTime', found: '' },
    ]);
  });
});

describe('undertone topics', () => {
  test('diff says that all is well, with exit code 0', async () => {
    const { admin } = cluster({ calls: asWanted(CALLS), alerts: asWanted(ALERTS) });
    const { code, out } = await report(admin, false);
    expect(code).toBe(0);
    expect(out).toContain('✓ calls  12 partitions, replication 3, compact');
    expect(out).toContain('All topics are as the configuration wants them.');
  });

  test('diff creates nothing and ends with 1', async () => {
    const { admin, created } = cluster({ alerts: asWanted(ALERTS) });
    const { code, out } = await report(admin, false);
    expect({ code, created }).toEqual({ code: 1, created: [] });
    expect(out).toContain('✗ calls\n    does not exist');
    expect(out).toContain('`undertone topics apply`');
  });

  test('apply creates what is missing, and only that', async () => {
    const { admin, created } = cluster({ alerts: asWanted(ALERTS) });
    const { code, out } = await report(admin, true);
    expect({ code, created }).toEqual({ code: 0, created: ['calls'] });
    expect(out).toContain('+ calls created');
  });

  test('apply refuses to change partitions, and says why and how', async () => {
    const few = { ...asWanted(CALLS), partitions: 4 };
    const many = { ...asWanted(ALERTS), partitions: 24 };
    const { admin, created } = cluster({ calls: few, alerts: many });
    const { code, out } = await report(admin, true);
    expect({ code, created }).toEqual({ code: 1, created: [] });
    expect(out).toContain('with more partitions a call moves to another one');
    expect(out).toContain(
      'kafka-topics.sh --bootstrap-server b1:9092,b2:9092 --alter --topic calls --partitions 12',
    );
    expect(out).toContain('Set bus.partitions to 24');
  });

  const RETAINED = {
    ...ALERTS,
    settings: { 'cleanup.policy': 'delete', 'retention.ms': '1000', 'segment.ms': '300' },
  };
  const retainedFor = (retention: string, more: object = {}): FoundTopic => ({
    ...asWanted(RETAINED),
    settings: { ...RETAINED.settings, 'retention.ms': retention, ...more },
  });

  test('apply changes by itself what touches nothing that is held, and diff says that it would', async () => {
    const { admin } = cluster({ alerts: retainedFor('500', { 'segment.ms': '700', 'segment.bytes': '9' }) });
    const before = await report(admin, false, [RETAINED]);
    expect(before.code).toBe(1);
    expect(before.out).toContain('Changed by `undertone topics apply`: it touches nothing that is held.');
    const { code, out } = await report(admin, true, [RETAINED]);
    expect(code).toBe(0);
    expect(out).toContain('~ alerts retention.ms: 500 → 1000\n');
    expect(out).toContain('~ alerts segment.ms: 700 → 300\n');
    expect((await admin.describe(['alerts'])).get('alerts')?.settings['segment.bytes']).toBe('9');
  });

  test.each<[Allowance, object, object, string]>([
    ['retention', { 'retention.ms': '1000' }, { 'retention.ms': '5000' }, 'deleted for good'],
    ['retention', { 'retention.ms': '1000' }, { 'retention.ms': '-1' }, 'deleted for good'],
    ['retention', { 'delete.retention.ms': '1' }, { 'delete.retention.ms': '2' }, 'deleted for good'],
    [
      'compaction',
      { 'cleanup.policy': 'compact' },
      { 'cleanup.policy': 'delete' },
      'the last word on each call',
    ],
    ['durability', { 'min.insync.replicas': '1' }, { 'min.insync.replicas': '2' }, 'can be lost'],
    [
      'timestamps',
      { 'message.timestamp.type': 'LogAppendTime' },
      { 'message.timestamp.type': 'CreateTime' },
      'let live calls end first',
    ],
  ])('apply touches %s only where that is allowed: %j', async (allowance, settings, found, reason) => {
    const wanted = { ...ALERTS, settings: settings as Record<string, string> };
    const { admin } = cluster({ alerts: { ...asWanted(wanted), settings: found as Record<string, string> } });
    const refused = await report(admin, true, [wanted]);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain(reason);
    expect(refused.out).toContain(`\`undertone topics apply --allow ${allowance}\``);
    const allowed = await report(admin, true, [wanted], allowance);
    expect(allowed.code).toBe(0);
    expect(allowed.out).toContain('~ alerts ');
  });
});
