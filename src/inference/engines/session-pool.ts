import { UndertoneError } from '../../errors.js';
import type { SessionReply } from './session-messages.js';
import { ThreadLine, type ThreadLineOptions } from './thread-line.js';
import type { WindowSlots } from './window-slots.js';

/** What the pool tells whoever counts. */
export interface InferenceMetrics {
  /** A window was answered. @param ms inside the session, without waiting. */
  onInference(ms: number): void;
  /** A thread died and is replaced. */
  onWorkerRestart(): void;
  /** A thread and its replacements died too often without an answer. @param threadsLeft go on without it */
  onThreadGivenUp(threadsLeft: number, reason: string): void;
}

export interface SessionPoolOptions extends ThreadLineOptions {
  readonly threads: number;
  readonly maxWaiting: number;
  readonly slots: WindowSlots;
  readonly metrics: InferenceMetrics;
}

/** A window that was in flight at this many deaths is taken to be their cause. */
const MAX_ATTEMPTS = 3;

interface Job {
  readonly resolve: (probabilities: Float32Array) => void;
  readonly reject: (error: UndertoneError) => void;
  readonly onComputed: ((ms: number) => void) | undefined;
  /** Deaths at which the window was in flight. */
  deaths: number;
}

interface Waiter {
  readonly window: Float32Array;
  readonly job: Job;
}

/**
 * Spreads windows over threads. A window that was accepted is answered exactly once, by whichever thread, or
 * rejected; it holds one slot from acceptance to answer. Windows beyond the slots wait in order of arrival.
 *
 * A window that was in flight at a death may be its cause: it runs alone from then on, so that it takes no neighbour
 * with it when it kills again.
 */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #lines = new Set<ThreadLine>();
  /** By slot. */
  readonly #jobs = new Map<number, Job>();
  /** Slots that no thread has yet, in the order in which they are to run. */
  readonly #queue: number[] = [];
  readonly #waiting: Waiter[] = [];
  readonly #watchers = new Set<() => void>();
  #state: 'idle' | 'running' | 'closing' | 'failed' = 'idle';
  #failure: UndertoneError | undefined;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
  }

  /** Windows accepted or waiting, and not answered. */
  get depth(): number {
    return this.#jobs.size + this.#waiting.length;
  }

  /** Threads at work or being replaced; those given up are not among them. */
  get threads(): number {
    return this.#lines.size;
  }

  /**
   * Resolves when every thread that has not been given up is ready.
   * @throws UT_INFERENCE_THREAD where none is left
   */
  async start(): Promise<void> {
    this.#state = 'running';
    for (let i = 0; i < this.#options.threads; i++) this.#addLine();
    await this.#until(() => [...this.#lines].every((line) => line.isReady));
    if (this.#failure) throw this.#failure;
  }

  /** @throws UT_INFERENCE_CLOSED, UT_INFERENCE_OVERLOADED, UT_INFERENCE_WINDOW_LOST, UT_INFERENCE_THREAD */
  submit(window: Float32Array, onComputed?: (ms: number) => void): Promise<Float32Array> {
    if (this.#state !== 'running') return Promise.reject(this.#failure ?? notRunning(this.#state));
    return new Promise((resolve, reject) => {
      const job = { resolve, reject, onComputed, deaths: 0 };
      const slot = this.#options.slots.put(window);
      if (slot !== undefined) this.#accept(slot, job);
      else if (this.#waiting.length >= this.#options.maxWaiting) reject(overloaded(this.#waiting.length));
      else this.#waiting.push({ window: window.slice(), job });
    });
  }

  /** Answers what was submitted, then ends the threads. */
  async close(): Promise<void> {
    if (this.#state === 'running') this.#state = 'closing';
    await this.#until(() => this.depth === 0);
    for (const line of [...this.#lines]) line.stop();
    await this.#until(() => this.#lines.size === 0);
  }

  #addLine(): void {
    const line = new ThreadLine(this.#options, {
      onReply: (_, reply) => this.#onReply(reply),
      onExit: (...exit) => this.#onExit(...exit),
    });
    this.#lines.add(line);
    line.start();
  }

  #accept(slot: number, job: Job): void {
    this.#jobs.set(slot, job);
    this.#queue.push(slot);
    this.#dispatch();
  }

  #dispatch(): void {
    for (let slot = this.#queue[0]; slot !== undefined; slot = this.#queue[0]) {
      const alone = this.#jobs.get(slot)!.deaths > 0;
      const line = this.#leastBusy(alone);
      // Nothing overtakes a window that needs a thread to itself, or busy threads would never be free for it.
      if (!line) return;
      this.#queue.shift();
      line.run(slot, alone);
    }
  }

  #leastBusy(alone: boolean): ThreadLine | undefined {
    let best: ThreadLine | undefined;
    for (const line of this.#lines) {
      if (line.hasRoom(alone) && (!best || line.load < best.load)) best = line;
    }
    return best;
  }

  #onReply(reply: SessionReply): void {
    if (reply.kind === 'done') {
      this.#options.metrics.onInference(reply.ms);
      const job = this.#finish(reply.slot);
      job.onComputed?.(reply.ms);
      job.resolve(reply.probabilities);
    }
    this.#dispatch();
    this.#wake();
  }

  /** Frees a slot and gives it to the window that has waited longest. */
  #finish(slot: number): Job {
    const job = this.#jobs.get(slot)!;
    this.#jobs.delete(slot);
    this.#options.slots.release(slot);
    const next = this.#waiting.shift();
    if (next) this.#accept(this.#options.slots.put(next.window)!, next.job);
    return job;
  }

  #onExit(line: ThreadLine, lost: readonly number[], reason: string): void {
    if (this.#state === 'closing' && this.depth === 0) this.#lines.delete(line);
    else this.#goOn(line, lost, reason);
    this.#wake();
  }

  #goOn(line: ThreadLine, lost: readonly number[], reason: string): void {
    if (line.startAgain()) this.#options.metrics.onWorkerRestart();
    else this.#giveUp(line, reason);
    for (const slot of lost) this.#jobs.get(slot)!.deaths++;
    const isToRunAgain = (slot: number) => this.#jobs.get(slot)!.deaths < MAX_ATTEMPTS;
    this.#queue.unshift(...lost.filter(isToRunAgain));
    for (const slot of lost.filter((slot) => !isToRunAgain(slot)))
      this.#finish(slot).reject(lostWindow(reason));
    if (this.#lines.size === 0) this.#fail(reason);
    this.#dispatch();
  }

  #giveUp(line: ThreadLine, reason: string): void {
    this.#lines.delete(line);
    this.#options.metrics.onThreadGivenUp(this.#lines.size, reason);
  }

  #fail(reason: string): void {
    this.#state = 'failed';
    const { threads, maxRestartsInARow } = this.#options;
    const failure = threadsDied(threads, maxRestartsInARow + 1, reason);
    this.#failure = failure;
    const jobs = [...this.#jobs.values(), ...this.#waiting.map(({ job }) => job)];
    this.#jobs.clear();
    this.#queue.length = 0;
    this.#waiting.length = 0;
    for (const job of jobs) job.reject(failure);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  #wake(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher();
  }
}

function notRunning(state: string): UndertoneError {
  return new UndertoneError('UT_INFERENCE_CLOSED', `the classifier is ${state}.`);
}

function overloaded(waiting: number): UndertoneError {
  return new UndertoneError('UT_INFERENCE_OVERLOADED', `${waiting} windows wait already.`, {
    retriable: true,
  });
}

function lostWindow(reason: string): UndertoneError {
  const detail = `${MAX_ATTEMPTS} threads died while it was in their hands, the last: ${reason}.`;
  return new UndertoneError('UT_INFERENCE_WINDOW_LOST', detail);
}

function threadsDied(threads: number, deaths: number, reason: string): UndertoneError {
  const detail = `each of ${threads} threads died ${deaths} times in a row, the last: ${reason}.`;
  return new UndertoneError('UT_INFERENCE_THREAD', detail);
}
