import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLetter } from '../../src/app/dead-letters.js';
import { kafkaOptionsOf } from '../../src/app/kafka-options.js';
import { resultTopicsOf } from '../../src/app/topics.js';
import {
  type BusRecord,
  createKafkaBus,
  type DriverName,
  type KafkaBus,
  type PartitionReader,
} from '../../src/bus/index.js';
import { BatchOutbox } from '../../src/calls/index.js';
import { runCommandLine } from '../../src/cli/program.js';
import { systemClock } from '../../src/clock.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { UndertoneError } from '../../src/errors.js';
import { decodeAudioRecord } from '../../src/ingest/index.js';
import { eraseResults } from '../../src/sink/index.js';
import { DRIVERS } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';
import { sharedBroker } from '../support/shared-servers.js';

const PARTITIONS = 3;
const TOPICS = ['audio', 'emotions', 'calls', 'alerts', 'dead-letters'].map((name) => `undertone.${name}.v1`);
const LONG_MS = 30_000;

describe.each(DRIVERS)('through $name', ({ name: driver, needs }) => {
  describeWith(needs, "the operator's commands on a real broker", () => suite(driver));
});

function suite(driver: DriverName): void {
  const broker = sharedBroker();

  async function run(...args: string[]) {
    const settings = {
      'bus.kind': 'kafka',
      'bus.partitions': String(PARTITIONS),
      'bus.kafka.driver': driver,
      'bus.kafka.brokers': `["${broker().bootstrap}"]`,
      'bus.kafka.replicationFactor': '1',
    };
    const set = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
    const out: string[] = [];
    const err: string[] = [];
    const terminal = {
      colours: false,
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
    };
    const code = await runCommandLine([...set, ...args], terminal);
    return { code, out: out.join(''), err: err.join('') };
  }

  test('topics: nothing there, then created, then as wanted', { timeout: LONG_MS }, async () => {
    const before = await run('topics', 'diff');
    expect(before.code).toBe(1);
    expect(before.out.match(/does not exist/g)).toHaveLength(TOPICS.length);

    const tooMany = await run('--set', 'bus.kafka.replicationFactor=3', 'topics', 'apply');
    expect(tooMany.err).toMatch(/UT_KAFKA_FAILED[\s\S]*bus\.kafka\.replicationFactor/);

    const applied = await run('topics', 'apply');
    expect(applied.code, applied.err).toBe(0);
    for (const topic of TOPICS) expect(applied.out).toContain(`+ ${topic} created`);
    expect(await run('topics', 'diff')).toMatchObject({ code: 0, err: '' });
    expect((await run('topics', 'apply')).out).not.toContain('created');
  });

  test('topics: what somebody else made otherwise is named', { timeout: LONG_MS }, async () => {
    await broker().admin.createTopics([{ name: 'plain', partitions: 2 }]);
    const { code, out } = await run('--set', 'bus.topics.calls.name=plain', 'topics', 'diff');
    expect(code).toBe(1);
    expect(out).toContain('has 2 partitions, wanted are 3');
    expect(out).toContain('cleanup.policy is delete, wanted is compact');
    expect(out).toContain('message.timestamp.type is CreateTime, wanted is LogAppendTime');
  });

  test('topics: settings are changed where that is allowed, and what else is set stays', async () => {
    const settings = {
      'retention.ms': '1000',
      'segment.bytes': '1048576',
      'message.timestamp.type': 'CreateTime',
    };
    await broker().admin.createTopics([{ name: 'alarms', partitions: PARTITIONS, settings }]);
    const renamed = ['--set', 'bus.topics.alerts.name=alarms', 'topics'];
    const first = await run(...renamed, 'apply');
    expect(first.code).toBe(1);
    expect(first.out).toContain('~ alarms retention.ms: 1000 → 2592000000');
    expect(first.out).toContain('topics apply --allow timestamps');
    const { code, out, err } = await run(...renamed, 'apply', '--allow', 'timestamps');
    expect(code, out + err).toBe(0);
    expect(await run(...renamed, 'diff')).toMatchObject({ code: 0 });
    const changed = await broker().admin.with((admin) =>
      admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: 'alarms' }] }),
    );
    const entries = changed.resources[0]!.configEntries;
    const kept = entries.find(({ configName }) => configName === 'segment.bytes');
    expect(kept?.configValue).toBe('1048576');
  });

  describe('with records', () => {
    let config: Config;
    let bus: KafkaBus;
    beforeAll(async () => {
      const kafka = { driver, brokers: [broker().bootstrap], replicationFactor: 1 };
      config = configSchema.parse({ bus: { kind: 'kafka', partitions: PARTITIONS, kafka } });
      bus = await createKafkaBus({ ...kafkaOptionsOf(config), clock: systemClock });
      await bus.start();
    }, LONG_MS);
    afterAll(() => bus?.close());

    test('dead letters are listed, and sent once more', { timeout: LONG_MS }, async () => {
      const { audio, deadLetters } = config.bus.topics;
      for (const [index, callId] of ['CA1', 'CA2', 'CA1'].entries()) {
        const record = { key: callId, value: Buffer.from([index]), headers: { ce_type: 'audio.chunk' } };
        const at = await bus.append(audio.name, record);
        const read = { ...record, ...at, topic: audio.name, timestampMs: 0 };
        const error = new UndertoneError('UT_INGEST_BAD_RECORD', 'it has no rate.');
        const { topic, ...letter } = deadLetter(deadLetters.name, read, error);
        await bus.append(topic, letter);
      }
      const listed = await run('dead-letters', 'list', '--call', 'CA1', '--since', '1h', '--json');
      expect(listed.code, listed.err).toBe(0);
      const rows = listed.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(rows).toMatchObject([
        { callId: 'CA1', reason: 'UT_INGEST_BAD_RECORD', bytes: 1 },
        { callId: 'CA1' },
      ]);

      expect((await run('dead-letters', 'replay', '--dry-run')).out).toBe('3 would be replayed\n');
      expect((await run('dead-letters', 'replay', '--call', 'CA1')).out).toBe('2 replayed\n');
      const records = await broker().admin.readAll(audio.name);
      const copies = records.filter(({ headers }) => headers['replayed-from'] !== undefined);
      expect(copies.map(({ key, value }) => [key, value?.[0]])).toEqual([
        ['CA1', 0],
        ['CA1', 2],
      ]);
      expect(copies[0]?.headers).toEqual({ ce_type: 'audio.chunk', 'replayed-from': rows[0].position });
    });

    test('a call is erased as soon as a worker reads the order', { timeout: LONG_MS }, async () => {
      const waiting = await run('erase', 'CA9', '--tenant', 'acme', '--timeout', '1s');
      expect(waiting.err).toContain('UT_CLI_ERASE_PENDING');

      const worker = await bus.subscribe(config.bus.topics.audio.name, 'erasing-worker', {
        onAssigned: (reader) => void work(reader, config),
        onRevoked: async () => undefined,
      });
      const { code, out, err } = await run('erase', 'CA9', '--tenant', 'acme');
      await worker.close();
      expect(code, err).toBe(0);
      expect(out).toMatch(/^Erased: ordered at undertone\.audio\.v1\/\d\/\d+, tombstone at undertone\.calls/);
      for (const topic of ['emotions', 'calls', 'alerts'] as const) {
        const records = await broker().admin.readAll(config.bus.topics[topic].name);
        expect(records.map(({ key, value }) => [key, value])).toEqual([
          ['CA9', null],
          ['CA9', null],
        ]);
      }
    });
  });
}

/** As much of a worker as carries out erasures. */
async function work(reader: PartitionReader, config: Config): Promise<void> {
  const observer = { erased: () => undefined } as unknown as Parameters<typeof eraseResults>[3]['observer'];
  const deps = { topics: resultTopicsOf(config), nowMs: Date.now, observer };
  for (;;) {
    const records: readonly BusRecord[] = await reader.read(100);
    const last = records.at(-1);
    if (last === undefined) return;
    const outbox = new BatchOutbox();
    for (const record of records.filter(({ headers }) => headers.ce_type === 'call.erased')) {
      const { callId } = decodeAudioRecord(record);
      eraseResults(callId, `${record.topic}/${record.partition}/${record.offset}`, outbox, deps);
    }
    await reader.commit(last.offset + 1, outbox.take().results);
  }
}
