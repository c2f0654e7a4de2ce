import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeConsumer } from '../../../../test/support/fake-rdkafka.js';
import { Feed } from './feed.js';

const TOPIC = 'calls';
const at = (partition: number) => ({ topic: TOPIC, partition });

/** A feed with what it handed over: offsets by partition, and ends. */
function feedOn(consumer: FakeConsumer) {
  const seen = new Map<number, number[]>();
  const ends: string[] = [];
  const errors: unknown[] = [];
  const feed = new Feed(consumer.native, {
    onRecords: (_, partition, records) => {
      const offsets = seen.get(partition) ?? [];
      seen.set(partition, [...offsets, ...records.map(({ offset }) => offset)]);
    },
    onEnd: (topic, partition, offset) => ends.push(`${topic}/${partition}@${offset}`),
    onError: (error) => errors.push(error),
  });
  return { feed, seen, ends, errors };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a feed', () => {
  it('fetches nothing before it is told where to start, and exactly from there', async () => {
    const consumer = new FakeConsumer({ [TOPIC]: 20 });
    const { feed, seen } = feedOn(consumer);
    feed.run();
    await consumer.look();
    expect(seen.size).toBe(0);
    feed.start(at(1), 15);
    await consumer.look();
    await consumer.look();
    expect(seen.get(1)).toEqual([15, 16, 17, 18, 19]);
  });

  it('reports the end of a partition', async () => {
    const consumer = new FakeConsumer({ [TOPIC]: 2 }, { reportsEnds: true });
    const { feed, ends } = feedOn(consumer);
    feed.start(at(0), 0);
    feed.run();
    await consumer.look();
    expect(ends).toEqual(['calls/0@2']);
  });

  it('hands nothing over while paused, and nothing is missing afterwards', async () => {
    const consumer = new FakeConsumer({ [TOPIC]: 500 });
    const { feed, seen } = feedOn(consumer);
    feed.start(at(0), 0);
    feed.run();
    await consumer.look();
    feed.setPaused(at(0), true);
    const before = seen.get(0)!.length;
    await consumer.look();
    await consumer.look();
    expect(seen.get(0)).toHaveLength(before);
    feed.setPaused(at(0), false);
    for (let looks = 0; looks < 4; looks++) await consumer.look();
    expect(seen.get(0)).toEqual(Array.from({ length: 500 }, (_, offset) => offset));
  });

  it('drops what a look found before a seek that came during the look', async () => {
    const consumer = new FakeConsumer({ [TOPIC]: 300 });
    const { feed, seen } = feedOn(consumer);
    feed.start(at(0), 100);
    feed.run();
    await consumer.look(() => feed.start(at(0), 7));
    await consumer.look();
    expect(seen.get(0)![0]).toBe(7);
  });

  it('answers a revocation with one order, even for what it does not fetch', () => {
    const consumer = new FakeConsumer({ [TOPIC]: 10 });
    const { feed } = feedOn(consumer);
    feed.start(at(0), 0);
    feed.start(at(1), 0);
    feed.setPaused(at(1), true);
    consumer.orders.length = 0;
    feed.stop([at(0), at(1), at(2)]);
    expect(consumer.orders).toEqual(['-0']);
    feed.stop([at(3)]);
    expect(consumer.orders).toEqual(['-0', '-']);
  });

  it('orders nothing while frozen, and all of it afterwards', async () => {
    const consumer = new FakeConsumer({ [TOPIC]: 10 });
    const { feed, seen } = feedOn(consumer);
    feed.start(at(0), 0);
    feed.start(at(1), 0);
    feed.run();
    feed.freeze();
    consumer.orders.length = 0;
    feed.setPaused(at(0), true);
    feed.start(at(1), 5);
    feed.start(at(2), 3);
    await consumer.look();
    expect(consumer.orders).toEqual([]);
    expect(seen.size).toBe(0);
    feed.thaw();
    await consumer.look();
    await consumer.look();
    expect(seen.get(1)![0]).toBe(5);
    expect(seen.get(2)![0]).toBe(3);
    expect(seen.has(0)).toBe(false);
  });

  it('reports an order that librdkafka refused, and what a look failed with, and goes on', async () => {
    const consumer = new FakeConsumer({ [TOPIC]: 3 });
    const { feed, seen, errors } = feedOn(consumer);
    consumer.refusal = { code: -172, message: 'Local: Erroneous state' };
    feed.start(at(0), 0);
    expect(errors).toEqual([consumer.refusal]);
    consumer.refusal = undefined;
    feed.run();
    consumer.failure = { code: 3, message: 'Broker: Unknown topic or partition' };
    await consumer.look();
    expect(errors.at(-1)).toMatchObject({ code: 3 });
    feed.start(at(0), 1);
    await consumer.look();
    await consumer.look();
    expect(seen.get(0)).toEqual([1, 2]);
  });

  it('ends when the look under way has ended', async () => {
    const consumer = new FakeConsumer({ [TOPIC]: 3 });
    const { feed } = feedOn(consumer);
    feed.run();
    let ended = false;
    const end = feed.end().then(() => {
      ended = true;
    });
    await Promise.resolve();
    expect(ended).toBe(false);
    await consumer.look();
    await vi.advanceTimersByTimeAsync(20);
    await end;
    expect(consumer.looking).toBe(false);
  });

  type Order =
    | readonly ['start' | 'pause' | 'resume', number, number]
    | readonly ['freeze' | 'thaw', number, number];
  const order: fc.Arbitrary<Order> = fc.tuple(
    fc.constantFrom('start', 'pause', 'resume', 'freeze', 'thaw'),
    fc.nat(2),
    fc.nat(2_000),
  ) as fc.Arbitrary<Order>;

  it('leaves no record out and gives none twice between two seeks, whatever comes in between, at whatever moment', async () => {
    const moment = fc.record({
      before: fc.array(order, { maxLength: 3 }),
      during: fc.array(order, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { maxLength: 12 }), async (moments) => {
        const consumer = new FakeConsumer({ [TOPIC]: 3_000 });
        const { feed, seen, errors } = feedOn(consumer);
        const expected = new Map<number, number>();
        const carryOut = ([kind, partition, offset]: Order): void => {
          if (kind === 'freeze') feed.freeze();
          else if (kind === 'thaw') feed.thaw();
          else if (kind !== 'start') feed.setPaused(at(partition), kind === 'pause');
          else {
            feed.start(at(partition), offset);
            expected.set(partition, offset);
            seen.set(partition, []);
          }
        };
        feed.run();
        for (const { before, during } of moments) {
          before.forEach(carryOut);
          await consumer.look(() => during.forEach(carryOut));
          for (const [partition, offsets] of seen) {
            const from = expected.get(partition)!;
            expect(offsets).toEqual(offsets.map((_, index) => from + index));
          }
        }
        expect(errors).toEqual([]);
        const end = feed.end();
        if (consumer.looking) await consumer.look();
        await vi.advanceTimersByTimeAsync(20);
        await end;
      }),
      { numRuns: 200 },
    );
  });
});
