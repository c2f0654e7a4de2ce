import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { topicDefinitionsOf } from '../../src/app/topic-definitions.js';
import { createApp } from '../../src/app.js';
import { runCommandLine } from '../../src/cli/program.js';
import { configSchema } from '../../src/config/index.js';
import type { LoadReport } from '../../src/load/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { dataChunk, fmtChunk, riff } from '../support/audio-bytes.js';
import { writeTestBundle } from '../support/bundle.js';
import { buzz } from '../support/buzz.js';
import { startProgram } from '../support/program.js';
import { describeWith } from '../support/requirements.js';
import { sharedBroker } from '../support/shared-servers.js';

const TOKEN = 'a-token-of-the-console';
/** A busy machine must not make this about delays. */
const PATIENT = ['--max-p99', '60000', '--grace', '20s', '--ramp', '1s', '--duration', '5s'];
const LONG_MS = 60_000;

let folder: string;
let recording: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-load-'));
  recording = join(folder, 'call.wav');
  await writeFile(recording, riff([fmtChunk({ format: 7, bits: 8 }), dataChunk(buzz(4))]));
  await writeTestBundle(join(folder, 'bundle'));
});
afterAll(() => rm(folder, { recursive: true }));

async function bench(url: string, args: readonly string[], settings: readonly string[] = []) {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  const terminal = { colours: false, out: write, err: write };
  const file = join(folder, 'result.json');
  const command = ['bench', 'load', '--url', url.replace('http', 'ws'), '--recordings', recording];
  const code = await runCommandLine([...settings, ...command, '--out', file, ...PATIENT, ...args], terminal);
  const kept = await readFile(file, 'utf8').catch(() => '{}');
  await rm(file, { force: true });
  return { code, text: lines.join(''), load: JSON.parse(kept).results?.load as LoadReport };
}

describe('a load test of one process', () => {
  const settings = () => [
    `model.bundle=${join(folder, 'bundle')}`,
    'worker.overload.maxDelayMs=60000',
    'gateway.maxStreams=3',
    'gateway.maxStreamsPerTenant=3',
    `console.tokens=["${TOKEN}"]`,
  ];

  test(
    'each window of each call is seen once, and what was measured is kept',
    async () => {
      const program = await startProgram(settings());
      onTestFinished(() => void program.process.kill('SIGKILL'));
      process.env.LOAD_TEST_TOKEN = TOKEN;
      const results = ['--results-token-env', 'LOAD_TEST_TOKEN'];
      const { code, text, load } = await bench(program.url, ['--calls', '3', '--feed', 'twilio', ...results]);
      expect(code, text).toBe(0);
      expect(text).toContain('✓ passed.');
      // 3 lanes, 6 s, calls of 4 s, each with 4 windows at most.
      expect(load.feeds).toMatchObject({ refused: 0, interrupted: 0 });
      expect(load.feeds.completed).toBeGreaterThanOrEqual(3);
      expect(load.windows.expected).toBeGreaterThanOrEqual(12);
      expect(load.windows).toMatchObject({ lost: 0, twice: 0, leftOut: {} });
      expect(load.windows.points).toBeGreaterThanOrEqual(load.windows.expected);
      expect(load.delay.p50Ms).toBeGreaterThan(0);
      expect(load.servers).toMatchObject({ processes: 1, models: [expect.stringMatching(/^test@/)] });

      const crowded = await bench(program.url, ['--calls', '5', ...results]);
      expect(crowded.code).toBe(1);
      expect(crowded.text).toMatch(/feeds +\d+ × .*UT_INGEST_TOO_MANY_STREAMS/);
      expect(crowded.load.verdict.reasons.join()).toMatch(/feeds refused/);
      expect(crowded.load.windows).toMatchObject({ lost: 0, twice: 0 });

      const blind = await bench(program.url, ['--calls', '1']);
      expect(blind.code).toBe(1);
      expect(blind.text).toMatch(/UT_LOAD_RESULTS[\s\S]*HTTP 401[\s\S]*UT_CONSOLE_UNAUTHORISED/);
    },
    LONG_MS,
  );

  test('an installation that is not there is said to be not there', async () => {
    const { code, text } = await bench('http://127.0.0.1:9', ['--calls', '1']);
    expect(code).toBe(1);
    expect(text).toContain('UT_LOAD_RESULTS');
  });
});

describeWith(['kafka'], 'a load test that reads the results from Kafka', () => {
  const broker = sharedBroker();

  test('sees each window once', { timeout: LONG_MS }, async () => {
    const bus = {
      kind: 'kafka',
      partitions: 2,
      kafka: { brokers: [broker().bootstrap], replicationFactor: 1 },
    };
    const model = { bundle: join(folder, 'bundle'), threads: 1 };
    const config = configSchema.parse({ http: { port: 0 }, roles: ['gateway', 'worker'], model, bus });
    await broker().admin.createTopics(topicDefinitionsOf(config));
    const app = createApp(config, { logger: createLogger({ level: 'silent' }) });
    const { url } = await app.start();
    onTestFinished(() => app.close(5000));
    const settings = ['--set', `bus=${JSON.stringify(bus)}`];
    const { code, text, load } = await bench(url, ['--calls', '2', '--results', 'kafka'], settings);
    expect(code, text).toBe(0);
    expect(load.results).toContain(config.bus.topics.emotions.name);
    expect(load.windows).toMatchObject({ lost: 0, twice: 0 });
    expect(load.windows.expected).toBeGreaterThanOrEqual(8);
  });
});
