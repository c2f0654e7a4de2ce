import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createMetrics } from '../telemetry/index.js';
import type { Point } from '../timeline/index.js';
import { LiveLabels } from './live-labels.js';
import { NamedQueues } from './named-queues.js';

function watch() {
  const registry = new Registry();
  const labels = new LiveLabels(createMetrics(registry), new NamedQueues(['billing']));
  const hear = (callId: string, label: Point['label'], leg: Point['leg'] = 'customer', queue?: string) =>
    labels.point({ callId, label, leg } as Point, 0, queue);
  const counts = async (by: 'label' | 'queue' = 'label') => {
    const { values } = await registry.getSingleMetric('undertone_calls_by_label')!.get();
    return Object.fromEntries(values.filter(({ value }) => value !== 0).map((v) => [v.labels[by], v.value]));
  };
  return { labels, hear, counts };
}

test('a call is counted under its newest label, until it is over', async () => {
  const { labels, hear, counts } = watch();
  hear('a', 'angry');
  hear('b', 'angry');
  hear('b', 'sad');
  hear('b', null);
  expect(await counts()).toEqual({ angry: 1, sad: 1 });
  labels.forget('b');
  labels.forget('b');
  expect(await counts()).toEqual({ angry: 1 });
});

test("the agent's leg is not counted", async () => {
  const { hear, counts } = watch();
  hear('a', 'angry', 'agent');
  expect(await counts()).toEqual({});
});

test("a queue counts by its name where the configuration has it; strangers' names make no series", async () => {
  const { labels, hear, counts } = watch();
  hear('a', 'angry', 'customer', 'billing');
  hear('b', 'sad', 'customer', 'whatever a feed says');
  hear('b', 'angry', 'customer', 'whatever a feed says');
  expect(await counts('queue')).toEqual({ billing: 1, other: 1 });
  labels.forget('a');
  expect(await counts('queue')).toEqual({ other: 1 });
});
