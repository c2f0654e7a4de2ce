import { describe, expect, it } from 'vitest';
import {
  AUDIO_TOPIC,
  CHUNK,
  GatewayBench,
  START,
  STOP,
  settle,
} from '../../../test/support/gateway-bench.js';
import { pathsOf } from '../../../test/support/span-tree.js';
import { tracerInMemory } from '../../../test/support/traced.js';
import type { BusRecord, BusWriter } from '../../bus/index.js';
import { SILENT_INGEST_OBSERVER } from '../../ingest/index.js';
import { GatewayTraces } from './gateway-traces.js';

const NUMBER = '+493012345678';

/** A gateway of which so many calls are traced. */
async function tracedBench(share: number, leavesCalls = false) {
  const { tracer, spans } = tracerInMemory();
  const clock = { nowMs: (): number => bench.clock.nowMs() };
  const traces = new GatewayTraces({ tracer, clock, share });
  const bus: BusWriter = { append: (...record) => traces.writer(bench.bus).append(...record) };
  const observer = traces.observer(SILENT_INGEST_OBSERVER);
  const bench: GatewayBench = new GatewayBench({ bus, observer, leavesCalls });
  await bench.start();
  /** What stands on the audio log, byte for byte. */
  const written = async (): Promise<readonly BusRecord[]> => {
    await settle();
    const records: BusRecord[] = [];
    await bench.bus.scan(AUDIO_TOPIC, 0, Number.NEGATIVE_INFINITY, (more) => void records.push(...more));
    return records;
  };
  return { bench, spans, written };
}

describe('a traced call at the gateway', () => {
  it('is one trace; each of its records names the span that it was sent in', async () => {
    const { bench, spans, written } = await tracedBench(1);
    const feed = bench.connect('generic');
    feed.send(START, CHUNK);
    await settle();
    bench.clock.advance(600);
    feed.send(CHUNK, STOP);
    const records = await written();
    const made = await spans();
    expect(pathsOf(made)).toEqual(['call', 'call > feed', 'call > send']);
    const sends = made.filter(({ name }) => name === 'send');
    expect(sends.map(({ attributes }) => attributes['undertone.records'])).toEqual([2, 2]);
    expect(sends[1]!.attributes['undertone.bytes']).toBeGreaterThan(CHUNK.length);
    const named = records.map(({ headers }) => headers.traceparent!.split('-').slice(1, 3));
    expect(named).toEqual([0, 0, 1, 1].map((i) => [sends[i]!.traceId, sends[i]!.spanId]));
    expect(made.find(({ name }) => name === 'call')).toMatchObject({
      durationMs: 600,
      attributes: { 'undertone.call.id': 'call-1', 'undertone.call.end_reason': 'completed' },
    });
  });

  it('ends at a gateway that leaves it to another one', async () => {
    const { bench, spans } = await tracedBench(1, true);
    bench.connect('generic').send(START, CHUNK);
    await settle();
    await bench.gateway.close();
    expect(pathsOf(await spans())).toEqual(['call', 'call > feed', 'call > send']);
  });

  it('differs from an untraced one in nothing but that header', async () => {
    const heard = async (share: number) => {
      const { bench, written } = await tracedBench(share);
      bench.connect('generic').send(START, CHUNK, CHUNK, STOP);
      return (await written()).map(({ headers: { traceparent, ...headers }, ...record }) => ({
        record: { ...record, headers },
        isTraced: traceparent !== undefined,
      }));
    };
    const [traced, untraced] = [await heard(1), await heard(0)];
    expect(traced.every(({ isTraced }) => isTraced)).toBe(true);
    expect(untraced.some(({ isTraced }) => isTraced)).toBe(false);
    expect(traced.map(({ record }) => record)).toEqual(untraced.map(({ record }) => record));
  });

  it('is all there or not at all, as its id decides', async () => {
    const { bench, spans, written } = await tracedBench(0.5);
    for (let i = 0; i < 40; i++)
      bench.connect('generic').send({ ...START, callId: `call-${i}` }, CHUNK, CHUNK, STOP);
    const tracesOf = new Map<string, Set<string | undefined>>();
    for (const { key, headers } of await written())
      tracesOf.set(key, (tracesOf.get(key) ?? new Set()).add(headers.traceparent?.split('-')[1]));
    const traced = [...tracesOf].filter(([, [first]]) => first !== undefined);
    expect(traced.length).toBeGreaterThan(5);
    expect(traced.length).toBeLessThan(35);
    for (const [callId, ids] of tracesOf) expect(ids.size, callId).toBe(1);
    const calls = (await spans()).filter(({ name }) => name === 'call');
    expect(calls.map(({ attributes }) => attributes['undertone.call.id'])).toEqual(traced.map(([id]) => id));
  });

  it('shows no phone number', async () => {
    const { bench, spans } = await tracedBench(1);
    bench.connect('generic').send({ ...START, callId: `sip:${NUMBER}@host` }, CHUNK, STOP);
    await settle();
    const made = await spans();
    expect(made.length).toBe(3);
    expect(JSON.stringify(made)).toContain('sip:***78@host');
    expect(JSON.stringify(made)).not.toContain(NUMBER.slice(3, -2));
  });

  it('leaves nothing behind for a feed that never says which call it brings', async () => {
    const { bench, spans } = await tracedBench(1);
    bench.connect('generic').send({ event: 'no start' });
    await settle();
    expect(await spans()).toEqual([]);
  });

  it('fails where the bus does', async () => {
    const { tracer, spans } = tracerInMemory();
    const traces = new GatewayTraces({ tracer, clock: { nowMs: () => 0 }, share: 1 });
    const broken = traces.writer({ append: () => Promise.reject(new Error('full')) });
    const record = (type: string) => ({
      key: 'call-1',
      value: null,
      headers: { ce_type: type, ce_id: 'feed/0', tenant: 'acme' },
    });
    for (const type of ['call.started', 'call.ended'])
      await expect(broken.append(AUDIO_TOPIC, record(type))).rejects.toThrow('full');
    expect((await spans()).map(({ name, failed }) => [name, failed])).toEqual([
      ['send', true],
      ['call', false],
    ]);
  });
});
