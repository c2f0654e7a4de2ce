import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { EventLoopWatch } from '../event-loop.js';
import { createMetrics, METRICS } from './index.js';

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
  expect(await second.metrics()).toContain('undertone_windows_total{outcome="silent"} 0');
});

test('what has not happened yet is 0, where the labels have lists', async () => {
  const registry = new Registry();
  createMetrics(registry);
  const text = await registry.metrics();
  expect(text).toContain(
    'undertone_feeds_refused_total{dialect="twilio",code="UT_INGEST_TOO_MANY_STREAMS"} 0',
  );
  expect(text).toContain('undertone_window_delay_seconds_bucket{le="0.5"} 0');
  expect(text).not.toContain('undertone_calls_live{');
});

test('what may not be in use here says nothing until it is set', async () => {
  const registry = new Registry();
  const metrics = createMetrics(registry);
  expect(await registry.metrics()).not.toMatch(/^undertone_redis_up/m);
  metrics.redisUp.set(0);
  expect(await registry.metrics()).toMatch(/^undertone_redis_up 0$/m);
});

test('the delay of the main loop is read in seconds, without the sampling period, and begins anew', async () => {
  let resets = 0;
  const histogram = { max: 45e6, percentile: () => 5.5e6, reset: () => void resets++ };
  const active = [1_500, 4_000];
  const watch = new EventLoopWatch(
    histogram as unknown as ConstructorParameters<typeof EventLoopWatch>[0],
    () => active.shift()!,
  );
  const registry = new Registry();
  const metrics = createMetrics(registry);
  watch.publish(metrics);
  watch.publish(metrics);
  const text = await registry.metrics();
  expect(text).toContain('undertone_event_loop_delay_seconds{quantile="1"} 0.04');
  expect(text).toContain('undertone_event_loop_delay_seconds{quantile="0.99"} 0.0005');
  expect(text).toContain('undertone_main_loop_busy_seconds_total 4\n');
  expect(resets).toBe(2);
});
