import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.js';
import type { AudioLogRecord } from '../../src/ingest/index.js';
import { buzz } from '../support/buzz.js';
import { chunkAt, createBench, ENDED, PAUSED, START } from '../support/call-bench.js';

const IDLE_MS = 10_000;
const CONFIG = configSchema.parse({ worker: { idleTimeoutMs: IDLE_MS, pausedTimeoutMs: 5 * IDLE_MS } });
const ERASED: AudioLogRecord = { type: 'call.erased', callId: START.callId, tenant: 'acme', feedId: 'f' };
const speech = buzz(3);

describe('a call that never ends', () => {
  it('is ended once it has been silent for long enough, and its state is freed', async () => {
    const { table, take, settle, events } = createBench(CONFIG);
    take(START);
    take(chunkAt(0, speech), { nowMs: 1000 });
    expect(table.endIdle(1000 + IDLE_MS)).toEqual([]);
    expect(table.endIdle(1001 + IDLE_MS)).toHaveLength(1);
    await settle();
    expect(events.summaries.at(-1)).toMatchObject({ state: 'ended', endReason: 'idle' });
    expect([table.size, table.pendingWindows]).toEqual([0, 0]);
  });

  it('may be silent for longer while it is paused', () => {
    const { table, take } = createBench(CONFIG);
    for (const record of [START, PAUSED]) take(record);
    expect(table.endIdle(5 * IDLE_MS)).toEqual([]);
    expect(table.endIdle(5 * IDLE_MS + 1)).toHaveLength(1);
  });
});

describe('a call that is erased', () => {
  it('leaves tombstones on every result topic, after whatever was under way', async () => {
    const { take, settle, results, events, table } = createBench();
    for (const record of [START, chunkAt(0, speech), ERASED]) take(record);
    await settle();
    const { emotions, alerts, calls } = configSchema.parse({}).bus.topics;
    const tombstones = results.filter(({ value }) => value === null);
    expect(tombstones.map(({ topic }) => topic).sort()).toEqual(
      [emotions.name, alerts.name, calls.name].sort(),
    );
    expect(results.slice(-3)).toEqual(tombstones);
    expect(events.erasures).toEqual([START.callId]);
    expect([table.size, table.pendingWindows]).toEqual([0, 0]);
  });

  it('is refused from then on, and another one is not', async () => {
    const { table, take, settle, results } = createBench();
    for (const record of [START, ERASED]) take(record);
    await settle();
    const before = results.length;
    const context = { skipDue: false, arrivedAtMs: 0, nowMs: 0, offset: 9 };
    expect(table.take(START, context).outcome).toBe('refused');
    expect(table.take(chunkAt(0, speech), context).outcome).toBe('refused');
    await settle();
    expect(results).toHaveLength(before);
    expect(table.take({ ...START, callId: 'other' }, context).outcome).toBe('taken');
  });

  it('is said to be erased anew while audio of it still comes, so that a next owner knows', async () => {
    const { take, settle, results } = createBench();
    for (const record of [START, ERASED]) take(record);
    for (const nowMs of [1000, 59_000, 61_000, 62_000, 125_000]) take(chunkAt(0, speech), { nowMs });
    await settle();
    const ids = results
      .filter(({ value }) => value === null)
      .map(({ topic, headers }) => `${topic} ${headers.ce_source}`);
    expect(ids).toHaveLength(9);
    expect(new Set(ids).size).toBe(9);
  });

  it('is remembered among so many only', () => {
    const { table, take } = createBench(configSchema.parse({ worker: { maxErasedCalls: 1 } }));
    for (const callId of [START.callId, 'second']) take({ ...ERASED, callId });
    take(START);
    expect(table.size).toBe(1);
    expect(take(ENDED)?.ended).toBe(true);
  });
});

describe('audio that must not be analysed', () => {
  const context = { skipDue: false, arrivedAtMs: 0, nowMs: 0, offset: 9 };

  it.each(['agent', 'mixed'] as const)('is refused on an undeclared %s leg, whoever wrote it', (leg) => {
    const { take, table } = createBench();
    take({ ...START, legs: [leg] });
    expect(table.take({ ...chunkAt(0, speech), leg }, context).outcome).toBe('refused');
    expect(table.pendingWindows).toBe(0);
  });

  it('is refused without the notice that the tenant requires', () => {
    const tenants = { acme: { requireNotice: true } };
    const { take, table } = createBench(configSchema.parse({ tenants }));
    take({ ...START, notice: 'unknown' });
    expect(table.take(chunkAt(0, speech), context).outcome).toBe('refused');
  });
});
