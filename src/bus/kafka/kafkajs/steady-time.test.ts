import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ConsumerGroup, keepTimeSteady, type RequestQueue } from './steady-time.js';

const load = createRequire(import.meta.url);
const HOUR_MS = 3_600_000;

beforeEach(() => {
  keepTimeSteady();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** The wall clock is set; what passes, passes on. */
const setClock = (byMs: number) => vi.setSystemTime(Date.now() + byMs);

interface Queue extends RequestQueue {
  push(request: object): void;
}

function queueOf({ maxInFlightRequests = null as number | null, requestTimeout = 30_000 } = {}) {
  const Queue = load('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
  const logger = { debug: () => undefined };
  const common = { clientId: 'c', broker: 'b:1', logger, enforceRequestTimeout: true };
  const queue = new Queue({ ...common, maxInFlightRequests, requestTimeout });
  const sent: number[] = [];
  const timedOut: number[] = [];
  const push = (correlationId: number) =>
    queue.push({
      entry: { correlationId, reject: () => timedOut.push(correlationId), resolve: () => undefined },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  return { queue, sent, timedOut, push };
}

test.each([-HOUR_MS, HOUR_MS])('a queue that was throttled sends in time, the clock set by %d ms', (byMs) => {
  const { queue, sent, push } = queueOf();
  queue.maybeThrottle(500);
  push(1);
  setClock(byMs);
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(200);
  push(2);
  expect(sent).toEqual([1, 2]);
});

test.each([-HOUR_MS, HOUR_MS])(
  'a request is given up after its time and not before, the clock set by %d ms',
  (byMs) => {
    const { queue, timedOut, push } = queueOf({ requestTimeout: 5_000 });
    queue.scheduleRequestTimeoutCheck();
    push(1);
    setClock(byMs);
    vi.advanceTimersByTime(4_900);
    expect(timedOut).toEqual([]);
    vi.advanceTimersByTime(400);
    expect(timedOut).toEqual([1]);
    queue.destroy();
  },
);

test('a queue on which nothing waits never wakes up', () => {
  const { queue } = queueOf();
  queue.checkPendingRequests();
  expect(vi.getTimerCount()).toBe(0);
});

test('what is over the limit of requests under way waits', () => {
  const { sent, push } = queueOf({ maxInFlightRequests: 1 });
  push(1);
  push(2);
  expect(sent).toEqual([1]);
});

test.each([-HOUR_MS, HOUR_MS])('heartbeats go on, the clock set by %d ms', async (byMs) => {
  const Group = load('kafkajs/src/consumer/consumerGroup') as new (
    options: object,
  ) => ConsumerGroup & {
    coordinator: object;
    memberId: string;
  };
  const group = new Group({
    logger: { namespace: () => undefined },
    retry: {},
    topics: [],
    instrumentationEmitter: { emit: () => undefined },
  });
  let beats = 0;
  Object.assign(group, { coordinator: { heartbeat: async () => void beats++ }, memberId: 'm' });
  setClock(byMs);
  for (let second = 1; second <= 9; second++) {
    vi.advanceTimersByTime(1_000);
    await group.heartbeat({ interval: 3_000 });
  }
  expect(beats).toBe(3);
});
