import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { EventLoopWatch } from './event-loop.js';
import { createMetrics, METRICS } from './metrics.js';

test('every metric of the catalogue is on the registry under its name, with help', async () => {
  const registry = new Registry();
  createMetrics(registry);
  const text = await registry.metrics();
  for (const { name, help } of Object.values(METRICS)) expect(text).toContain(`# HELP ${name} ${help}`);
});

test('names follow the rules of Prometheus: a unit, and _total for counters alone', () => {
  for (const { name, kind } of Object.values(METRICS)) {
    expect(name).toMatch(/^undertone_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total'), name).toBe(kind === 'counter');
  }
});

test('two processes in one (tests) do not share instruments', async () => {
  const [first, second] = [new Registry(), new Registry()];
  createMetrics(first).windows.inc({ outcome: 'silent' });
  createMetrics(second);
  expect(await first.metrics()).toContain('undertone_windows_total{outcome="silent"} 1');
  expect(await second.metrics()).not.toContain('outcome="silent"');
});

test('the delay of the main loop is read in seconds, without the sampling period, and begins anew', async () => {
  let resets = 0;
  const histogram = { max: 45e6, percentile: () => 5.5e6, reset: () => void resets++ };
  const watch = new EventLoopWatch(histogram as unknown as ConstructorParameters<typeof EventLoopWatch>[0]);
  const registry = new Registry();
  watch.publish(createMetrics(registry));
  const text = await registry.metrics();
  expect(text).toContain('undertone_event_loop_delay_seconds{quantile="1"} 0.04');
  expect(text).toContain('undertone_event_loop_delay_seconds{quantile="0.99"} 0.0005');
  expect(resets).toBe(1);
});
