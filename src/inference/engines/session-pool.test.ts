import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.js';
import type { SessionRequest } from './session-messages.js';
import { SessionPool, type SessionPoolOptions } from './session-pool.js';
import type { SessionThread, SessionThreadEvents } from './thread-line.js';
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

const RESTART_DELAY_MS = 100;
/** Longer than any delay between two threads of a line. */
const LONG_MS = 100 * RESTART_DELAY_MS;

/** A pool of fake threads over windows of one number. */
class Bench {
  readonly threads: FakeThread[] = [];
  readonly clock = new ManualClock();
  /** Threads that were left each time one was given up. */
  readonly givenUp: number[] = [];
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
      maxRestartsInARow: 5,
      restartDelayMs: RESTART_DELAY_MS,
      setTimer: (action, delayMs) => this.clock.setTimer(action, delayMs),
      metrics: {
        onInference: () => this.inferences++,
        onWorkerRestart: () => this.restarts++,
        onThreadGivenUp: (left) => this.givenUp.push(left),
      },
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

  /** The thread that came last dies, time passes, and so does its successor: as often as asked. */
  dieAgainAndAgain(times: number, reason: string): void {
    for (let death = 0; death < times; death++) {
      this.threads.at(-1)!.die(reason);
      this.clock.advance(LONG_MS);
    }
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

  test('tells whoever asked how long the window was computed, before it is answered', async () => {
    const bench = new Bench();
    await bench.start();
    const told: (number | string)[] = [];
    const answer = bench.pool.submit(new Float32Array([1]), (ms) => told.push(ms));
    bench.answerAll();
    await answer.then(() => told.push('answered'));
    expect(told).toEqual([1, 'answered']);
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
    const [first] = bench.threads;
    const lost = [...first!.pending];
    first!.die('out of memory');
    expect(bench.restarts).toBe(1);
    bench.threads[2]!.ready();
    expect(bench.threads[2]!.pending).toEqual([lost[0]]);
    bench.threads[2]!.answer();
    expect(bench.threads[2]!.pending).toEqual([lost[1]]);
    bench.answerAll();
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5]);
  });

  test('gives up a window that was running at three deaths, and goes on with the others', async () => {
    const bench = new Bench({ threads: 1 });
    await bench.start();
    const poison = bench.submit(13);
    for (let death = 0; death < 3; death++) {
      bench.alive[0]!.die('segment');
      bench.clock.advance(LONG_MS);
      bench.alive[0]!.ready();
    }
    await expect(poison).rejects.toMatchObject({ code: 'UT_INFERENCE_WINDOW_LOST' });
    const next = bench.submit(1);
    bench.answerAll();
    expect(await next).toBe(1);
  });

  test('runs a window that was there at a death alone until it is answered, so that none dies with it', async () => {
    const bench = new Bench({ threads: 1 });
    await bench.start();
    const results = Promise.allSettled([13, 1, 2, 3].map((value) => bench.submit(value)));
    const [poison, neighbour] = bench.alive[0]!.pending;
    const next = (how: string) => {
      if (how === 'die') bench.alive[0]!.die('segment');
      else bench.alive[0]!.answer();
      bench.clock.advance(LONG_MS);
      bench.alive[0]!.ready();
      return [...bench.alive[0]!.pending];
    };
    expect(next('die')).toEqual([poison]);
    expect(next('die')).toEqual([poison]);
    expect(next('die')).toEqual([neighbour]);
    expect(next('answer')).toHaveLength(2);
    bench.answerAll();
    expect((await results).map((result) => (result.status === 'fulfilled' ? result.value : 'lost'))).toEqual([
      'lost',
      1,
      2,
      3,
    ]);
    expect(bench.givenUp).toEqual([]);
  });

  test('nothing overtakes a window that must run alone, though busy threads have room', async () => {
    const bench = new Bench({ threads: 2 });
    await bench.start();
    const results = [1, 2, 3].map((value) => bench.submit(value));
    const [first, second] = bench.threads;
    const lost = [...second!.pending];
    second!.die('segment');
    results.push(bench.submit(4));
    first!.answer();
    expect(first!.pending).toHaveLength(1);
    first!.answer();
    expect(first!.pending).toEqual(lost);
    bench.answerAll();
    bench.threads[2]!.ready();
    bench.answerAll();
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
  });

  test('replaces a thread at once, then after a time that doubles while none of its line answers', async () => {
    const bench = new Bench({ threads: 1 });
    await bench.start();
    const waits = Array.from({ length: 5 }, () => {
      bench.threads.at(-1)!.die('no memory');
      let waitedMs = 0;
      for (; bench.alive.length === 0; waitedMs++) bench.clock.advance(1);
      return waitedMs;
    });
    expect(waits).toEqual([0, 100, 200, 400, 800]);
    const result = bench.submit(1);
    bench.threads.at(-1)!.ready();
    bench.answerAll();
    expect(await result).toBe(1);
    bench.threads.at(-1)!.die('no memory');
    expect(bench.alive).toHaveLength(1);
  });

  test('gives up a thread that dies at every start though another answers, and goes on without it', async () => {
    const bench = new Bench({ threads: 2 });
    await bench.start();
    const healthy = bench.threads[0]!;
    for (let death = 0; death < 6; death++) {
      bench.dieAgainAndAgain(1, 'no memory');
      const result = bench.submit(death);
      healthy.answer();
      expect(await result).toBe(death);
    }
    expect(bench.givenUp).toEqual([1]);
    expect(bench.restarts).toBe(5);
    expect(bench.clock.pendingTimers).toBe(0);
    expect(bench.alive).toEqual([healthy]);
  });

  test('starts with the threads that can, and gives the windows of one given up to the others', async () => {
    const bench = new Bench({ threads: 2, maxRestartsInARow: 0 });
    const starting = bench.pool.start();
    bench.threads[1]!.die('no memory');
    bench.threads[0]!.ready();
    await starting;
    expect(bench.givenUp).toEqual([1]);

    const other = new Bench({ threads: 2, maxRestartsInARow: 0 });
    await other.start();
    const results = [1, 2].map((value) => other.submit(value));
    other.threads[1]!.die('no memory');
    other.answerAll();
    expect(await Promise.all(results)).toEqual([1, 2]);
  });

  test('close does not wait for a replacement that is still to come', async () => {
    const bench = new Bench({ threads: 1 });
    await bench.start();
    bench.threads[0]!.die('no memory');
    bench.threads[1]!.die('no memory');
    expect(bench.clock.pendingTimers).toBe(1);
    await bench.pool.close();
    expect(bench.clock.pendingTimers).toBe(0);
    expect(bench.alive).toEqual([]);
  });

  test('gives up when the last thread is given up, and says why', async () => {
    const bench = new Bench({ threads: 1 });
    const starting = bench.pool.start();
    bench.dieAgainAndAgain(6, 'no library');
    await expect(starting).rejects.toThrow(
      /UT_INFERENCE_THREAD: each of 1 threads died 6 times in a row, the last: no library/,
    );
    expect(bench.givenUp).toEqual([0]);
    expect(bench.alive).toEqual([]);
    await expect(bench.submit(1)).rejects.toMatchObject({ code: 'UT_INFERENCE_THREAD' });
    await bench.pool.close();
  });

  test('rejects what it holds when it gives up', async () => {
    const bench = new Bench({ threads: 1, count: 1 });
    await bench.start();
    const results = Promise.allSettled([bench.submit(1), bench.submit(2)]);
    bench.dieAgainAndAgain(6, 'no memory');
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
          if (at === 0) bench.clock.advance(LONG_MS);
        }
        bench.clock.advance(LONG_MS);
        for (const thread of bench.alive) thread.ready();
        bench.answerAll();
        const answers = await Promise.all(results);
        expect(bench.pool.depth).toBe(0);
        answers.forEach((answer, value) => {
          expect([value, 'UT_INFERENCE_WINDOW_LOST', 'UT_INFERENCE_THREAD']).toContain(answer);
        });
      }),
    );
  });
});
