import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { openTelemetryTracer } from './open-telemetry.js';

/** A tracer before an exporter that does as told. */
function bench(outcome: 'taken' | 'refused' | 'never') {
  const told = { ended: 0, exported: 0, dropped: {} as Record<string, number>, queued: 0, errors: 0 };
  const exporter: SpanExporter = {
    export(_spans, onResult) {
      if (outcome === 'taken') onResult({ code: ExportResultCode.SUCCESS });
      if (outcome === 'refused') onResult({ code: ExportResultCode.FAILED, error: new Error('no') });
    },
    shutdown: async () => undefined,
  };
  const options = {
    endpoint: '',
    headers: {},
    maxQueuedSpans: 5,
    sendEveryMs: 3_600_000,
    timeoutMs: 3_600_000,
    service: { name: 'test', instanceId: '1', version: '0' },
    observer: {
      ended: () => void told.ended++,
      exported: (spans: number) => {
        told.exported += spans;
      },
      dropped: (reason: string, spans: number) => {
        told.dropped[reason] = (told.dropped[reason] ?? 0) + spans;
      },
      queued: (spans: number) => {
        told.queued = spans;
      },
      failed: () => void told.errors++,
    },
  };
  const tracer = openTelemetryTracer(options, exporter);
  const make = (spans: number): void => {
    for (let i = 0; i < spans; i++) tracer.start('call', null, 0, {}).end(1);
  };
  return { told, tracer, make };
}

describe('what becomes of spans', () => {
  it('is that they are sent, at the latest at the end', async () => {
    const { told, tracer, make } = bench('taken');
    make(3);
    expect(told).toMatchObject({ ended: 3, exported: 0, queued: 3 });
    await tracer.close(1000);
    expect(told).toEqual({ ended: 3, exported: 3, dropped: {}, queued: 0, errors: 0 });
  });

  it('is told where the receiver refuses them', async () => {
    const { told, tracer, make } = bench('refused');
    make(4);
    await tracer.close(1000);
    expect(told).toEqual({ ended: 4, exported: 0, dropped: { 'not-taken': 4 }, queued: 0, errors: 1 });
  });

  it('is that no more wait than may, while the receiver hangs, and that the end waits for nobody', async () => {
    const { told, tracer, make } = bench('never');
    make(20);
    // The first batch hangs in the exporter, the second waits; there is room for no third.
    await new Promise(setImmediate);
    make(20);
    const { ended, dropped, queued } = told;
    expect([ended, queued]).toEqual([40, 5]);
    expect(dropped['queue-full']).toBe(30);
    await tracer.close(1);
    expect(told).toMatchObject({ exported: 0, dropped: { 'queue-full': 30, shutdown: 10 }, queued: 0 });
    make(1);
    expect(told.dropped.shutdown).toBe(11);
  });
});

describe('a tracer', () => {
  it('takes from a header what is well formed and sampled', () => {
    const { tracer } = bench('taken');
    const ids = `${'a'.repeat(32)}-${'b'.repeat(16)}`;
    expect(tracer.sampled(`00-${ids}-01`)).toBe(`00-${ids}-01`);
    for (const header of [
      undefined,
      '',
      `00-${ids}-00`,
      `ff-${ids}-01`,
      `00-${'0'.repeat(32)}-x-01`,
      '+4930',
    ])
      expect(tracer.sampled(header), header).toBeNull();
  });

  it('ends no span before it began, whatever clocks say', () => {
    const { tracer, told } = bench('taken');
    tracer.start('call', null, 10_000_000, {}).end(9_000_000);
    tracer.record('read', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, [10_000_000, 9_000_000], {});
    expect(told.ended).toBe(2);
  });
});
