import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type App, createApp } from '../../src/app.js';
import { configSchema } from '../../src/config/index.js';
import { replay } from '../../src/replay/index.js';
import { createLogger, SPANS } from '../../src/telemetry/index.js';
import { endedCall, eventually, pointsOf } from '../support/api.js';
import { writeTestBundle } from '../support/bundle.js';
import { samplesOf } from '../support/metrics-text.js';
import { CALL_TREE, pathsOf } from '../support/span-tree.js';
import { TraceReceiver } from '../support/trace-receiver.js';

const CALL = fileURLToPath(new URL('../../demo/lost-parcel.wav', import.meta.url));
const LIMIT_MS = 60_000;

describe('traces of a whole process', () => {
  let bundle: string;
  const lines: string[] = [];

  beforeAll(async () => {
    bundle = await mkdtemp(join(tmpdir(), 'undertone-traces-'));
    await writeTestBundle(bundle);
  });
  afterAll(() => rm(bundle, { recursive: true }));

  async function start(traces: object): Promise<{ app: App; url: string }> {
    lines.length = 0;
    const config = configSchema.parse({
      http: { port: 0 },
      model: { bundle, threads: 1 },
      worker: { overload: { maxDelayMs: LIMIT_MS } },
      telemetry: { traces: { enabled: true, share: 1, sendEveryMs: 100, ...traces } },
    });
    const logger = createLogger({ level: 'info' }, { write: (line) => void lines.push(line) });
    const app = createApp(config, { logger });
    onTestFinished(() => app.close(1000));
    return { app, ...(await app.start()) };
  }

  async function play(url: string): Promise<string> {
    const [result] = await replay({
      files: [CALL],
      feed: 'generic',
      speed: 0,
      url: url.replace('http', 'ws'),
      legs: ['customer', 'agent'],
    });
    await endedCall(url, result!.callId, LIMIT_MS);
    return result!.callId;
  }

  const metric = async (url: string, name: string): Promise<number> => {
    const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
    return samples
      .filter((sample) => sample.name === `undertone_${name}`)
      .reduce((sum, sample) => sum + sample.value, 0);
  };

  it('are one tree a call, with a window for each point', async () => {
    const receiver = await new TraceReceiver().start();
    onTestFinished(() => receiver.stop());
    const { app, url } = await start({
      endpoint: receiver.endpoint,
      headers: { authorization: 'Bearer of-tests' },
    });
    const callId = await play(url);
    const { points } = await pointsOf(url, callId);
    await app.close(5000);
    expect(pathsOf(receiver.spans.filter(({ name }) => name !== 'alert'))).toEqual(CALL_TREE);
    expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(1);
    const named = (name: string) => receiver.spans.filter((span) => span.name === name);
    const heard = named('window').map(({ attributes }) => attributes['undertone.window.index']);
    expect(heard).toEqual(points.filter(({ leg }) => leg === 'customer').map((point) => point.windowIndex));
    expect(named('call')[0]!.attributes).toMatchObject({
      'undertone.call.id': callId,
      'undertone.call.end_reason': 'completed',
    });
    expect(receiver.headers).toMatchObject({ authorization: 'Bearer of-tests', 'content-encoding': 'gzip' });
    for (const { name, attributes } of receiver.spans) {
      const known: readonly string[] = SPANS[name as keyof typeof SPANS].attributes;
      expect(known, name).toEqual(expect.arrayContaining(Object.keys(attributes)));
    }
  });

  it('cost no call anything while nobody takes them, and say so once', async () => {
    const gone = await new TraceReceiver().start();
    const { endpoint } = gone;
    gone.stop();
    const { app, url } = await start({ endpoint, timeoutMs: 200, maxQueuedSpans: 10 });
    const callId = await play(url);
    const again = await play(url);
    for (const id of [callId, again]) expect((await pointsOf(url, id)).points.length).toBeGreaterThan(10);
    await eventually(
      () => metric(url, 'spans_dropped_total'),
      (dropped) => dropped > 0,
      LIMIT_MS,
    );
    const [ended, exported] = [
      await metric(url, 'spans_ended_total'),
      await metric(url, 'spans_exported_total'),
    ];
    expect(ended).toBeGreaterThan(100);
    expect(exported).toBe(0);
    expect(await metric(url, 'spans_queued')).toBeLessThanOrEqual(10);
    const beganMs = performance.now();
    await app.close(10_000);
    expect(performance.now() - beganMs).toBeLessThan(5000);
    const said = lines.filter((line) => line.includes('traces-not-taken'));
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', code: 'UT_TRACES_NOT_TAKEN' },
    ]);
  });
});
