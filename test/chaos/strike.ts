import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.js';
import type { Journal } from './journal.js';
import type { Stage } from './stage.js';
import type { WorkerProcess } from './worker-process.js';

/** A fault that has been dealt with. */
export interface Struck extends Fault {
  readonly fromAt: number;
  readonly toAt: number;
}

/**
 * Lets the faults happen when they are due; resolves when the last one is over. Only SIGTERM and the death of a broker
 * wait for each other: what is promised to a worker that is told to stop supposes a broker.
 */
export async function strike(
  faults: readonly Fault[],
  workers: readonly WorkerProcess[],
  stage: Stage,
  journal: Journal,
): Promise<readonly Struck[]> {
  const beganAt = Date.now();
  const apart = new Turns();
  const strikes = faults.map(async (fault): Promise<Struck> => {
    await sleep(Math.max(0, beganAt + fault.atMs - Date.now()));
    const act = (): Promise<Struck> => timed(fault, journal, () => one(fault, workers, stage));
    const excludes = fault.kind === 'worker-term' || fault.kind === 'broker-kill';
    return excludes ? apart.take(act) : act();
  });
  return Promise.all(strikes);
}

async function timed(fault: Fault, journal: Journal, act: () => Promise<void>): Promise<Struck> {
  const { kind, target, forMs } = fault;
  const { at: fromAt } = journal.note(kind, { target, ...(forMs > 0 && { forMs: Math.round(forMs) }) });
  await act();
  const { at: toAt } = journal.note(`${kind} is over`, { target });
  return { ...fault, fromAt, toAt };
}

async function one(
  { kind, target, forMs }: Fault,
  workers: readonly WorkerProcess[],
  stage: Stage,
): Promise<void> {
  const worker = workers[target % workers.length]!;
  switch (kind) {
    case 'worker-kill':
      return worker.kill();
    case 'worker-term':
      await worker.ready();
      return worker.terminate();
    case 'worker-freeze':
      worker.freeze();
      await sleep(forMs);
      return worker.thaw();
    case 'broker-kill':
      return outage(stage.brokers[target]!, forMs);
    case 'redis-kill':
      return outage(stage.redis!, forMs);
  }
}

async function outage(
  server: { kill(): Promise<void>; start(): Promise<void> },
  forMs: number,
): Promise<void> {
  await server.kill();
  await sleep(forMs);
  await server.start();
}

/** One after another. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
