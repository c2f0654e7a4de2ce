import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createMetrics } from '../telemetry/index.js';
import type { Point } from '../timeline/index.js';
import { LiveLabels } from './live-labels.js';
import { NamedQueues } from './named-queues.js';
import { resultObserver } from './result-observer.js';

test('a point that came before its audio, by the times of two clocks, was quick; only clocks far apart are told of', async () => {
  const registry = new Registry();
  const metrics = createMetrics(registry);
  const queues = new NamedQueues([]);
  const observer = resultObserver(metrics, new LiveLabels(metrics, queues), queues, {
    report: () => undefined,
  });
  const point = { callId: 'c', leg: 'customer', label: null, status: 'classified' } as unknown as Point;
  for (const delayMs of [-3_600_000, -3, 40]) observer.point(point, delayMs, undefined);
  const text = await registry.metrics();
  expect(text).toMatch(/window_delay_seconds_sum(\{\})? 0\.04\n/);
  expect(text).toMatch(/window_delay_seconds_count(\{\})? 3\n/);
  expect(text).toMatch(/window_delay_negative_total(\{\})? 1\n/);
});
