import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionRequest } from './session-messages.js';
import {
  SessionPool,
  type SessionPoolOptions,
  type SessionThread,
  type SessionThreadEvents,
} from './session-pool.js';
import { WindowSlots } from './window-slots.js';

/** A thread that does only what the test says; it "classifies" by returning the window itself. */
class FakeThread implements SessionThread {
  readonly pending: number[] = [];
  alive = true;
  readonly #windows: Float32Array;
  readonly #events: SessionThreadEvents;

  constructor(windows: SharedArrayBuffer, events: SessionThreadEvents) {
    this.#windows = new Float32Array(windows);
    this.#events = events;
  }

  post(request: SessionRequest): void {
    if (request.kind === 'run') this.pending.push(request.slot);
    else this.die('stopped');
  }

  terminate(): void {
    this.die('terminated');
  }

  ready(): void {
    this.#events.onReply({ kind: 'ready' });
  }

  /** Answers the oldest window it has. */
  answer(): void {
    const slot = this.pending.shift()!;
    this.#events.onReply({ kind: 'done', slot, probabilities: this.#windows.slice(slot, slot + 1), ms: 1 });
  }

  die(reason: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.#events.onExit(reason);
  }
}

/** A pool of fake threads over windows of one number. */
class Bench {
  readonly threads: FakeThread[] = [];
  restarts = 0;
  inferences = 0;
  readonly pool: SessionPool;

  constructor(options: Partial<SessionPoolOptions> & { readonly count?: number } = {}) {
    const slots = new WindowSlots(options.count ?? 8, 1);
    this.pool = new SessionPool({
      threads: 2,
      maxWaiting: 4,
      slots,
      spawn: (events) => {
        const thread = new FakeThread(slots.buffer, events);
        this.threads.push(thread);
        return thread;
      },
      metrics: { onInference: () => this.inferences++, onWorkerRestart: () => this.restarts++ },
      ...options,
    });
  }

  get alive(): FakeThread[] {
    return this.threads.filter((thread) => thread.alive);
  }

  async start(): Promise<void> {
    const started = this.pool.start();
    for (const thread of this.threads) thread.ready();
    await started;
  }

  submit(value: number): Promise<number> {
    return this.pool.submit(new Float32Array([value])).then((result) => result[0]!);
  }

  /** Answers all that is in flight until nothing is. */
  answerAll(): void {
    for (let busy = this.busy(); busy; busy = this.busy()) busy.answer();
  }

  busy(): FakeThread | undefined {
    return this.alive.find((thread) => thread.pending.length > 0);
  }
}

describe('SessionPool', () => {
  test('starts when every thread is ready', async () => {
    const bench = new Bench();
    let started = false;
    const starting = bench.pool.start().then(() => {
      started = true;
    });
    bench.threads[0]!.ready();
    await Promise.resolve();
    expect(started).toBe(false);
    bench.threads[1]!.ready();
    await starting;
  });

  test('gives each window to the least busy thread, at most two at once', async () => {
    const bench = new Bench();
    await bench.start();
    const results = [1, 2, 3, 4, 5].map((value) => bench.submit(value));
    expect(bench.threads.map((thread) => thread.pending.length)).toEqual([2, 2]);
    bench.answerAll();
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5]);
    expect(bench.inferences).toBe(5);
  });

  test('runs the windows of a dead thread again on another, before those that came later', async () => {
    const bench = new Bench();
    await bench.start();
    const results = [1, 2, 3, 4, 5].map((value) => bench.submit(value));
    const [first, second] = bench.threads;
    const lost = [...first!.pending];
    first!.die('out of memory');
    expect(bench.restarts).toBe(1);
    second!.answer();
    expect(second!.pending.at(-1)).toBe(lost[0]);
    bench.threads[2]!.ready();
    expect(bench.threads[2]!.pending[0]).toBe(lost[1]);
    bench.answerAll();
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5]);
  });

  test('gives up a window that was running at three deaths, and goes on with the others', async () => {
    const bench = new Bench({ threads: 1 });
    await bench.start();
    const poison = bench.submit(13);
    for (let death = 0; death < 3; death++) {
      bench.alive[0]!.die('segment');
      bench.alive[0]!.ready();
    }
    await expect(poison).rejects.toMatchObject({ code: 'UT_INFERENCE_THREAD' });
    const next = bench.submit(1);
    bench.answerAll();
    expect(await next).toBe(1);
  });

  test('gives up when threads die in a row without an answer, and says why', async () => {
    const bench = new Bench({ threads: 1 });
    const starting = bench.pool.start();
    for (let death = 0; death < 6; death++) bench.alive[0]?.die('no library');
    await expect(starting).rejects.toThrow(
      /UT_INFERENCE_THREAD: 6 threads died in a row, the last: no library/,
    );
    expect(bench.alive).toEqual([]);
    await expect(bench.submit(1)).rejects.toMatchObject({ code: 'UT_INFERENCE_THREAD' });
    await bench.pool.close();
  });

  test('rejects what it holds when it gives up', async () => {
    const bench = new Bench({ threads: 1, count: 1 });
    await bench.start();
    const results = Promise.allSettled([bench.submit(1), bench.submit(2)]);
    for (let death = 0; death < 6; death++) bench.alive[0]?.die('no memory');
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(bench.pool.depth).toBe(0);
  });

  test('lets windows wait beyond its slots, in order, and refuses them beyond that', async () => {
    const bench = new Bench({ threads: 1, count: 2, maxWaiting: 2 });
    await bench.start();
    const order: number[] = [];
    const results = [1, 2, 3, 4].map((value) => bench.submit(value).then((result) => order.push(result)));
    expect(bench.pool.depth).toBe(4);
    await expect(bench.submit(5)).rejects.toMatchObject({ code: 'UT_INFERENCE_OVERLOADED', retriable: true });
    bench.answerAll();
    await Promise.all(results);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  test('keeps no reference to a window that was handed in, even one that waits', async () => {
    const bench = new Bench({ threads: 1, count: 1 });
    await bench.start();
    const shared = new Float32Array(1);
    const results = [1, 2, 3].map((value) => {
      shared[0] = value;
      return bench.pool.submit(shared);
    });
    bench.answerAll();
    expect(await Promise.all(results)).toEqual([1, 2, 3].map((value) => new Float32Array([value])));
  });

  test('close answers what was submitted, then ends the threads; nothing is taken after that', async () => {
    const bench = new Bench({ threads: 1, count: 1 });
    await bench.start();
    const results = [1, 2].map((value) => bench.submit(value));
    const closed = bench.pool.close();
    await expect(bench.submit(3)).rejects.toMatchObject({ code: 'UT_INFERENCE_CLOSED' });
    expect(bench.alive.length).toBe(1);
    bench.answerAll();
    await closed;
    expect(await Promise.all(results)).toEqual([1, 2]);
    expect(bench.alive).toEqual([]);
    expect(bench.restarts).toBe(0);
  });

  test('close survives a thread that dies while it drains', async () => {
    const bench = new Bench({ threads: 1 });
    await bench.start();
    const result = bench.submit(1);
    const closed = bench.pool.close();
    bench.alive[0]!.die('late');
    bench.alive[0]!.ready();
    bench.answerAll();
    await closed;
    expect(await result).toBe(1);
  });

  test('a window before start is refused', async () => {
    await expect(new Bench().submit(1)).rejects.toMatchObject({ code: 'UT_INFERENCE_CLOSED' });
  });

  test('whatever the order of answers and deaths, each window gets its own answer', () => {
    const step = fc.record({
      kind: fc.constantFrom('submit', 'answer', 'answer', 'die', 'ready'),
      at: fc.nat(7),
    });
    return fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const bench = new Bench({ threads: 3, count: 3, maxWaiting: 100 });
        await bench.start();
        const results: Promise<number | string>[] = [];
        for (const { kind, at } of steps) {
          const thread = bench.alive[at % Math.max(1, bench.alive.length)];
          const value = results.length;
          if (kind === 'submit') results.push(bench.submit(value).catch((error) => error.code));
          else if (kind === 'die') thread?.die('test');
          else if (kind === 'ready') thread?.ready();
          else if (thread?.pending.length) thread.answer();
        }
        for (const thread of bench.alive) thread.ready();
        bench.answerAll();
        const answers = await Promise.all(results);
        expect(bench.pool.depth).toBe(0);
        answers.forEach((answer, value) => {
          expect([value, 'UT_INFERENCE_THREAD']).toContain(answer);
        });
      }),
    );
  });
});
