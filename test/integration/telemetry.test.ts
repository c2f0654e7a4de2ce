import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type App, createApp } from '../../src/app.js';
import { configSchema } from '../../src/config/index.js';
import { replay } from '../../src/replay/index.js';
import { createLogger, METRICS, type MetricDefinition, OTHER_QUEUE } from '../../src/telemetry/index.js';
import { endedCall } from '../support/api.js';
import { writeTestBundle } from '../support/bundle.js';
import { type Sample, samplesOf } from '../support/metrics-text.js';

const CALL = fileURLToPath(new URL('../../demo/lost-parcel.wav', import.meta.url));
const NUMBER = '+493012345678';
const LIMIT_MS = 60_000;

/** Sends messages as Twilio does, and waits until the gateway has ended the feed. */
async function twilioFeed(url: string, messages: readonly unknown[]): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/feeds/twilio`);
  await once(socket, 'open');
  for (const message of messages) {
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
  const [code] = await once(socket, 'close');
  return code as number;
}

const streamSid = 'MZ0123456789abcdef0123456789abcdef';
const start = (customParameters: object) => ({
  event: 'start',
  streamSid,
  start: {
    streamSid,
    callSid: NUMBER,
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    customParameters,
  },
});
const connected = { event: 'connected', protocol: 'Call', version: '1.0.0' };
const stop = { event: 'stop', streamSid, stop: { callSid: NUMBER } };

describe('what a process tells of its work', () => {
  const lines: string[] = [];
  let bundle: string;
  let app: App;
  let url: string;
  const config = () =>
    configSchema.parse({
      http: { port: 0 },
      model: { bundle, threads: 1 },
      alerts: { rules: [{ kind: 'long-silence', name: 'quiet', severity: 'info', silentMs: 500 }] },
      telemetry: { queues: ['billing'] },
      log: { level: 'debug' },
    });

  beforeAll(async () => {
    bundle = await mkdtemp(join(tmpdir(), 'undertone-telemetry-'));
    await writeTestBundle(bundle);
    const logger = createLogger(config().log, { write: (line) => void lines.push(line) });
    app = createApp(config(), { logger });
    ({ url } = await app.start());
    // What it says of its own start is about no call.
    lines.length = 0;
  });
  afterAll(async () => {
    await app?.close(5000);
    await rm(bundle, { recursive: true });
  });

  const metrics = async (): Promise<readonly Sample[]> =>
    samplesOf(await (await fetch(`${url}/metrics`)).text());

  it('is a quiet log: nothing of a call above debug, with its id and without numbers or digits', async () => {
    const [result] = await replay({
      files: [CALL],
      feed: 'generic',
      speed: 0,
      url: url.replace('http', 'ws'),
      callIdPrefix: NUMBER,
      legs: ['customer', 'agent'],
    });
    const digit = { event: 'dtmf', streamSid, dtmf: { track: 'inbound_track', digit: '7#7#7' } };
    expect(await twilioFeed(url, [connected, start({}), digit, { event: 'coffee' }, stop])).toBe(1000);
    await endedCall(url, result!.callId, LIMIT_MS);
    const entries = lines.map((line) => JSON.parse(line));
    const told = (name: string) => entries.filter(({ event }) => event === name);
    expect(told('call-started').map(({ callId }) => callId)).toContain('***78');
    expect(told('call-ended')).toHaveLength(2);
    expect(told('alert').length).toBeGreaterThan(0);
    expect(entries.filter(({ callId }) => callId !== undefined && callId === '')).toEqual([]);
    expect(entries.filter(({ level }) => level !== 'debug')).toEqual([]);
    expect(lines.join('')).not.toMatch(/12345678|7#7#7/);
  });

  it('shows what was heard, and how the process does', async () => {
    const samples = await metrics();
    const sum = (name: string) =>
      samples.filter((one) => one.name === name).reduce((total, { value }) => total + value, 0);
    const classified = samples.find(
      ({ name, labels }) => name === METRICS.windows.name && labels.outcome === 'classified',
    );
    expect(sum(METRICS.points.name)).toBe(classified!.value);
    expect(classified!.value).toBeGreaterThan(20);
    expect(sum(METRICS.partReady.name)).toBe(3);
    expect(sum(METRICS.inferenceThreads.name)).toBe(1);
    expect(sum(METRICS.mainLoopBusySeconds.name)).toBeGreaterThan(0);
    expect(sum('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(sum(METRICS.feedsOpened.name)).toBe(2);
  });

  it('keeps what strangers send out of the labels', async () => {
    const odd = 'x'.repeat(40);
    await replay({
      files: [CALL],
      feed: 'generic',
      url: url.replace('http', 'ws'),
      speed: 0,
      callIdPrefix: `${odd}-call`,
      tenant: `${odd}-tenant`,
      queue: `${odd}-queue`,
    });
    expect(await twilioFeed(url, [connected, start({ [odd]: odd }), odd])).toBe(1007);
    expect(await twilioFeed(url, [{ event: odd }, { event: 'start' }])).toBe(1008);
    await fetch(`${url}/api/${odd}`, { headers: { origin: `http://${odd}` } });
    const samples = (await metrics()).filter(({ name }) => name.startsWith('undertone_'));
    expect(samples.length).toBeGreaterThan(300);
    expect(samples.filter((sample) => !isBounded(sample))).toEqual([]);
    expect(JSON.stringify(samples)).not.toContain(odd);
  });

  /** Each label holds a value of its list, or what the configuration says. */
  function isBounded({ name, labels }: Sample): boolean {
    const metric = METRIC_OF.get(name) ?? METRIC_OF.get(name.replace(/_(bucket|sum|count)$/, ''));
    const { bus, alerts, telemetry } = config();
    const configured: Readonly<Record<string, (value: string) => boolean>> = {
      topic: (value) => Object.values(bus.topics).some((topic) => topic.name === value),
      partition: (value) => Number(value) < bus.partitions,
      rule: (value) => alerts.rules.some((rule) => rule.name === value),
      queue: (value) => [...telemetry.queues, OTHER_QUEUE].includes(value),
      version: (value) => /^\d+\.\d+\.\d+$/.test(value),
      model: (value) => /^[\w-]+\/?@?[\w:-]*$/.test(value),
      le: () => true,
    };
    return Object.entries(labels).every(([label, value]) => {
      const values = metric?.labels[label]?.values ?? null;
      return values === null ? configured[label]!(value) : values.map(String).includes(value);
    });
  }
});

const METRIC_OF = new Map<string, MetricDefinition>(
  Object.values(METRICS).map((metric) => [metric.name, metric]),
);
