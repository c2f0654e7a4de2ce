import { describe, expect, it } from 'vitest';
import { callTableOptionsOf, createCallParts } from '../../src/app/analysis.js';
import { tellAll } from '../../src/app/tell-all.js';
import { WorkerTraces } from '../../src/app/traces/worker-traces.js';
import type { ResultRecord } from '../../src/bus/index.js';
import { BatchOutbox, CallTable, oneModel } from '../../src/calls/index.js';
import { configSchema } from '../../src/config/index.js';
import type { Classifier } from '../../src/inference/index.js';
import { type AudioLogRecord, decodeAudioRecord, encodeAudioRecord } from '../../src/ingest/index.js';
import { SILENT_REDIS_OBSERVER } from '../../src/sink/index.js';
import { SPANS } from '../../src/telemetry/index.js';
import { buzz } from '../support/buzz.js';
import { chunkAt, ENDED, FAKE_BUNDLE, resultsOf, START } from '../support/call-bench.js';
import { collectEvents } from '../support/collected-events.js';
import { failingAt, fakeClassifier } from '../support/fake-classifier.js';
import { ManualClock } from '../support/manual-clock.js';
import { pathsOf } from '../support/span-tree.js';
import { tracerInMemory } from '../support/traced.js';

const TRACE = 'a'.repeat(32);
const SENT = `00-${TRACE}-${'b'.repeat(16)}-01`;
const NUMBER = '+493012345678';
const speech = buzz(6);
const CALL: readonly AudioLogRecord[] = [
  START,
  ...Array.from({ length: 12 }, (_, i) => chunkAt(i * 4000, speech.subarray(i * 4000, (i + 1) * 4000))),
  chunkAt(48_000, new Uint8Array(24_000).fill(0xff)),
  ENDED,
];

/** Plays a call whose records carry a header through a worker's path, and what it publishes to a Redis that answers. */
async function play(
  header: string | undefined,
  {
    classifier = fakeClassifier(),
    call = CALL,
    silentMs = 1500,
  }: { classifier?: Classifier; call?: readonly AudioLogRecord[]; silentMs?: number } = {},
) {
  const { tracer, spans } = tracerInMemory();
  const clock = new ManualClock();
  const traces = new WorkerTraces(tracer, clock);
  const events = collectEvents();
  const rules = [{ kind: 'long-silence', name: 'quiet', severity: 'info', silentMs }];
  const config = configSchema.parse({ alerts: { rules } });
  const parts = createCallParts(
    config,
    FAKE_BUNDLE,
    traces.classifier(classifier, () => 3),
    resultsOf(config, tellAll([events, traces.results])),
  );
  const outbox = new BatchOutbox();
  const table = new CallTable(oneModel(traces.parts(parts)), callTableOptionsOf(config), outbox, 'audio/0');
  const decode = traces.decoder(decodeAudioRecord);
  const results: ResultRecord[] = [];
  for (const [offset, sent] of call.entries()) {
    const record = encodeAudioRecord(sent, { ordinal: offset });
    const headers = { ...record.headers, ...(header === undefined ? {} : { traceparent: header }) };
    const timestampMs = clock.nowMs();
    clock.advance(7);
    const taken = table.take(
      decode({ ...record, headers, topic: 'audio', partition: 4, offset, timestampMs }),
      {
        skipDue: false,
        arrivedAtMs: timestampMs,
        offset,
        nowMs: clock.nowMs(),
      },
    );
    await taken.call?.settled();
    clock.advance(20);
    const batch = outbox.take();
    results.push(...batch.results);
    batch.announce();
  }
  const redis = traces.redis(SILENT_REDIS_OBSERVER);
  for (const point of events.points) redis.published('point', point);
  for (const alert of events.alerts) redis.dropped('alert', 'refused', alert);
  return { events, results, spans: await spans() };
}

const kindOf = ({ headers }: ResultRecord) => headers.ce_type;

describe('a traced call in the worker', () => {
  it('has a window for each point, under the span in which its last audio was sent', async () => {
    const { spans, events } = await play(SENT);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(pathsOf(spans)).toEqual([
      '? > window',
      '? > window > alert',
      '? > window > alert > publish',
      '? > window > commit',
      '? > window > features',
      '? > window > inference.run',
      '? > window > inference.wait',
      '? > window > publish',
      '? > window > read',
      '? > window > timeline',
    ]);
    const windows = spans.filter(({ name }) => name === 'window');
    expect(windows.map(({ parentSpanId }) => parentSpanId)).toEqual(windows.map(() => 'b'.repeat(16)));
    expect(
      windows.map(({ attributes }) => [
        attributes['undertone.window.index'],
        attributes['undertone.window.outcome'],
      ]),
    ).toEqual(events.points.map(({ windowIndex, status }) => [windowIndex, status]));
    const [first] = windows;
    expect(first).toMatchObject({
      durationMs: 27,
      attributes: { 'undertone.partition': 4, 'undertone.offset': 5, 'undertone.model': FAKE_BUNDLE.modelId },
    });
    const steps = spans.filter(({ parentSpanId }) => parentSpanId === first!.spanId);
    expect(Object.fromEntries(steps.map(({ name, durationMs }) => [name, durationMs]))).toMatchObject({
      read: 7,
      features: 0,
      commit: 20,
    });
  });

  it('says of each span what the catalogue lists, and no more', async () => {
    const { spans } = await play(SENT);
    for (const { name, attributes } of spans) {
      const said = Object.keys(attributes).sort();
      expect(said, name).toEqual([...SPANS[name as keyof typeof SPANS].attributes].sort());
    }
    const alert = spans.find(({ name }) => name === 'alert');
    expect(alert?.attributes).toMatchObject({
      'undertone.alert.rule': 'quiet',
      'undertone.alert.state': 'raised',
    });
  });

  it('hands its place on to whoever reads points and alerts', async () => {
    const { results, spans } = await play(SENT);
    const named = (...kinds: string[]) =>
      results.filter((result) => kinds.includes(kindOf(result)!)).map(({ headers }) => headers.traceparent);
    const made = (name: string) =>
      spans.filter((span) => span.name === name).map(({ spanId }) => `00-${TRACE}-${spanId}-01`);
    expect(named('undertone.point.v1')).toEqual(made('window'));
    expect(named('undertone.alert.v1').sort()).toEqual(made('alert').sort());
    expect(named('undertone.call.v1').every((header) => header === undefined)).toBe(true);
  });

  it('comes to the results of an untraced one, which differ in that header alone', async () => {
    const [traced, untraced] = [await play(SENT), await play(undefined)];
    const bare = ({ headers: { traceparent: _, ...headers }, ...result }: ResultRecord) => ({
      ...result,
      headers,
    });
    expect(traced.results.map(bare)).toEqual(untraced.results);
    expect(untraced.results.length).toBeGreaterThan(10);
  });

  it.each([undefined, `00-${TRACE}-${'b'.repeat(16)}-00`, 'nonsense'])(
    'makes no span where its records say %s',
    async (header) => {
      const { spans, results } = await play(header);
      expect(spans).toEqual([]);
      expect(results.some(({ headers }) => 'traceparent' in headers)).toBe(false);
    },
  );

  it('hangs an alert that comes before the first window on the newest record', async () => {
    const { spans } = await play(SENT, { silentMs: 500 });
    const [first] = spans.filter(({ name }) => name === 'alert');
    expect(first?.parentSpanId).toBe('b'.repeat(16));
  });

  it('shows where a window cost every thread its life', async () => {
    const { spans, events } = await play(SENT, {
      classifier: failingAt(1, 'UT_INFERENCE_WINDOW_LOST'),
    });
    const lost = spans.filter(({ failed }) => failed);
    expect(lost.map(({ name }) => name)).toEqual(['window']);
    expect(lost[0]!.attributes).toMatchObject({
      'undertone.window.index': events.holes[0]!.fromWindowIndex,
      'undertone.window.outcome': 'error',
    });
  });

  it('shows no phone number', async () => {
    const call = CALL.map((record) => ({ ...record, callId: NUMBER, tenant: NUMBER }));
    const { spans } = await play(SENT, { call });
    expect(spans.length).toBeGreaterThan(50);
    expect(JSON.stringify(spans)).not.toContain(NUMBER.slice(3, -2));
  });
});
