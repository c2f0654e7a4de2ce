import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topicDefinitionsOf } from '../../src/app/topic-definitions.js';
import { createApp } from '../../src/app.js';
import { encodeWav } from '../../src/audio/index.js';
import { partitionOfKey } from '../../src/bus/index.js';
import { type Config, configSchema } from '../../src/config/index.js';
import { type AudioChunk, decodeAudioRecord, encodeAudioRecord } from '../../src/ingest/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { eventually } from '../support/api.js';
import { dataChunk, fmtChunk, riff } from '../support/audio-bytes.js';
import { writeTestBundle } from '../support/bundle.js';
import { buzz } from '../support/buzz.js';
import { KAFKA_CLASS_PATH } from '../support/kafka-broker.js';
import { PYTHON } from '../support/python.js';
import { describeWith } from '../support/requirements.js';
import type { StoredRecord } from '../support/servers/kafka-admin.js';
import { sharedBroker } from '../support/shared-servers.js';

const TOPIC = 'undertone.audio.v1';
const PARTITIONS = 4;
const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = join(ROOT, 'examples', 'producers');
/** Below the checkout, where its node_modules are found. */
const BUILT = join(ROOT, '.cache', 'examples', 'producers');
const SAMPLE_BYTES = { s16le: 2, mulaw: 1 } as const;
/** 1030 ms at 8 kHz: 51 whole chunks and half a one. */
const SAMPLES = 8240;

const run = promisify(execFile);

const LANGUAGES = {
  TypeScript: [process.execPath, join(BUILT, 'producer.js')],
  Python: [PYTHON, join(EXAMPLES, 'python', 'producer.py')],
  Java: ['java', '-XX:TieredStopAtLevel=1', '-cp', KAFKA_CLASS_PATH, join(EXAMPLES, 'java', 'Producer.java')],
} as const;
type Language = keyof typeof LANGUAGES;

async function produce(language: Language, ...args: readonly string[]): Promise<string> {
  const [program, ...options] = LANGUAGES[language];
  const { stdout } = await run(program, [...options, ...args]);
  return stdout;
}

function tone(encoding: keyof typeof SAMPLE_BYTES): Uint8Array {
  const samples = Float32Array.from({ length: SAMPLES }, (_, i) => Math.sin(i / 7) * Math.sin(i / 900));
  return encodeWav({ sampleRateHz: 8000, channels: [samples] }, encoding);
}

/** A record as the bus hands it to the workers. */
const onBus = (record: StoredRecord) => ({
  ...record,
  key: record.key ?? '',
  value: record.value && new Uint8Array(record.value),
});

describeWith(['kafka', 'jdk', 'python'], 'producers in any language write the audio log', () => {
  const broker = sharedBroker();
  let folder = '';
  let config: Config;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undertone-producers-'));
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [tsc, '-p', join(EXAMPLES, 'typescript'), '--outDir', BUILT]);
    config = configSchema.parse({
      http: { port: 0 },
      roles: ['worker'],
      model: { bundle: join(folder, 'bundle'), threads: 1 },
      bus: {
        kind: 'kafka',
        partitions: PARTITIONS,
        kafka: { brokers: [broker().bootstrap], replicationFactor: 1 },
      },
    });
    await broker().admin.createTopics(topicDefinitionsOf(config));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases = (Object.keys(LANGUAGES) as Language[]).flatMap((language) =>
    (['s16le', 'mulaw'] as const).map((encoding) => [language, encoding] as const),
  );

  test.each(cases)('%s, %s', { timeout: 60_000 }, async (language, encoding) => {
    const callId = `${language}-${encoding}`;
    const file = join(folder, `${callId}.wav`);
    const wav = tone(encoding);
    writeFileSync(file, wav);

    expect(await produce(language, broker().bootstrap, callId, file)).toContain('54 records written');

    const stored = (await broker().admin.readAll(TOPIC)).filter(({ key }) => key === callId);
    expect(new Set(stored.map(({ partition }) => partition))).toEqual(
      new Set([partitionOfKey(callId, PARTITIONS)]),
    );
    const records = stored.map((record) => decodeAudioRecord(onBus(record)));
    const base = { callId, tenant: 'default', feedId: `urn:example:recorder:${callId}` };
    const chunks = records.slice(1, -1) as AudioChunk[];
    expect(records.at(0)).toEqual({
      ...base,
      type: 'call.started',
      live: false,
      notice: 'given',
      legs: ['customer'],
      feed: 'example',
    });
    expect(records.at(-1)).toEqual({ ...base, type: 'call.ended', reason: 'completed' });
    const format = { leg: 'customer', encoding, sampleRateHz: 8000, channels: 1 };
    for (const [seq, { bytes, ...chunk }] of chunks.entries()) {
      expect(chunk).toEqual({ ...base, type: 'audio.chunk', ...format, seq, offsetSamples: 160 * seq });
      expect(bytes.length).toBe(SAMPLE_BYTES[encoding] * (seq < 51 ? 160 : 80));
    }
    expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).equals(wav.subarray(44))).toBe(true);

    expect(new Set(stored.map(({ headers }) => headers.ce_id)).size).toBe(54);
    for (const [index, record] of records.entries()) {
      const { headers } = encodeAudioRecord(record, { ordinal: index });
      expect(Object.keys(stored[index]!.headers).sort()).toEqual(Object.keys(headers).sort());
      expect(stored[index]!.headers['content-type']).toBe(headers['content-type']);
    }
  });

  test('the same audio from each of them comes out as the same points', { timeout: 120_000 }, async () => {
    const file = join(folder, 'buzz.wav');
    writeFileSync(file, riff([fmtChunk({ format: 7, bits: 8 }), dataChunk(buzz(5))]));
    await writeTestBundle(join(folder, 'bundle'));
    const languages = Object.keys(LANGUAGES) as Language[];
    for (const language of languages) await produce(language, broker().bootstrap, language, file);

    const app = createApp(config, { logger: createLogger({ level: 'silent' }) });
    await app.start();
    try {
      const timelines = () => Promise.all(languages.map((language) => pointsOf(language)));
      const [first, ...others] = await eventually(
        timelines,
        (all) => all.every(({ length }) => length >= 6),
        60_000,
      );
      expect(first!.map(({ windowIndex, status }) => [windowIndex, status])).toEqual(
        [0, 1, 2, 3, 4, 5].map((index) => [index, 'classified']),
      );
      for (const other of others) expect(other).toEqual(first);
    } finally {
      await app.close(10_000);
    }
  });

  /** What stands in the log of a call, without what names the call and the moment. */
  async function pointsOf(callId: string): Promise<readonly Record<string, unknown>[]> {
    const records = await broker().admin.readAll(config.bus.topics.emotions.name);
    return records
      .filter(({ key, headers }) => key === callId && headers.ce_type === 'undertone.point.v1')
      .map(({ value }) => ({ ...JSON.parse(String(value)), callId: '', emittedAt: '' }));
  }
});
