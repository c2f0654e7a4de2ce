import { UndertoneError } from '../../errors.js';
import type { SessionReply, SessionRequest } from './session-messages.js';
import type { WindowSlots } from './window-slots.js';

/** One inference thread as the pool sees it. */
export interface SessionThread {
  post(request: SessionRequest): void;
  /** Ends it at once; `onExit` follows. */
  terminate(): void;
}

export interface SessionThreadEvents {
  onReply(reply: SessionReply): void;
  /** Called once, whatever ended the thread. */
  onExit(reason: string): void;
}

export type SpawnSession = (events: SessionThreadEvents) => SessionThread;

/** What the pool tells whoever counts. */
export interface InferenceMetrics {
  /** A window was answered. @param ms inside the session, without waiting. */
  onInference(ms: number): void;
  /** A thread died and was replaced. */
  onWorkerRestart(): void;
}

export interface SessionPoolOptions {
  readonly threads: number;
  readonly maxWaiting: number;
  readonly slots: WindowSlots;
  readonly spawn: SpawnSession;
  readonly metrics: InferenceMetrics;
}

/** Windows handed to a thread at once: one runs, one is there when it ends. */
const IN_FLIGHT = 2;
/** Deaths in a row, without one answer between them, after which the pool gives up. */
const MAX_DEATHS_IN_A_ROW = 5;
/** A window that was in flight at this many deaths is taken to be their cause. */
const MAX_ATTEMPTS = 3;

interface Job {
  readonly resolve: (probabilities: Float32Array) => void;
  readonly reject: (error: UndertoneError) => void;
  attempts: number;
}

interface Waiter {
  readonly window: Float32Array;
  readonly job: Job;
}

interface Member {
  thread: SessionThread;
  ready: boolean;
  /** Slots handed to the thread and not answered. */
  readonly inFlight: Set<number>;
}

/**
 * Spreads windows over threads. A window that was accepted is answered exactly once, by whichever thread, or
 * rejected; it holds one slot from acceptance to answer. Windows beyond the slots wait in order of arrival.
 */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #members = new Set<Member>();
  /** By slot. */
  readonly #jobs = new Map<number, Job>();
  /** Slots that no thread has yet, in the order in which they are to run. */
  readonly #queue: number[] = [];
  readonly #waiting: Waiter[] = [];
  readonly #watchers = new Set<() => void>();
  #deathsInARow = 0;
  #state: 'idle' | 'running' | 'closing' | 'failed' = 'idle';
  #failure: UndertoneError | undefined;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
  }

  /** Windows accepted or waiting, and not answered. */
  get depth(): number {
    return this.#jobs.size + this.#waiting.length;
  }

  /** @throws UT_INFERENCE_THREAD where threads die before they are ready. */
  async start(): Promise<void> {
    this.#state = 'running';
    for (let i = 0; i < this.#options.threads; i++) this.#addMember();
    await this.#until(() => [...this.#members].every((member) => member.ready));
    if (this.#failure) throw this.#failure;
  }

  /** @throws UT_INFERENCE_CLOSED, UT_INFERENCE_OVERLOADED, UT_INFERENCE_THREAD */
  submit(window: Float32Array): Promise<Float32Array> {
    if (this.#state !== 'running') return Promise.reject(this.#failure ?? notRunning(this.#state));
    return new Promise((resolve, reject) => {
      const job = { resolve, reject, attempts: 0 };
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
    for (const { thread, ready } of this.#members) {
      if (ready) thread.post({ kind: 'stop' });
      else thread.terminate();
    }
    await this.#until(() => this.#members.size === 0);
  }

  #accept(slot: number, job: Job): void {
    this.#jobs.set(slot, job);
    this.#queue.push(slot);
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const member = this.#leastBusy();
      if (!member) return;
      const slot = this.#queue.shift()!;
      member.inFlight.add(slot);
      member.thread.post({ kind: 'run', slot });
    }
  }

  #leastBusy(): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#members) {
      const free = member.ready && member.inFlight.size < IN_FLIGHT;
      if (free && (!best || member.inFlight.size < best.inFlight.size)) best = member;
    }
    return best;
  }

  #addMember(): void {
    const member: Member = { thread: undefined as never, ready: false, inFlight: new Set() };
    this.#members.add(member);
    member.thread = this.#options.spawn({
      onReply: (reply) => this.#onReply(member, reply),
      onExit: (reason) => this.#onExit(member, reason),
    });
  }

  #onReply(member: Member, reply: SessionReply): void {
    // A dead thread's windows run elsewhere already: what it still says must not answer them twice.
    if (!this.#members.has(member)) return;
    if (reply.kind === 'ready') {
      member.ready = true;
    } else {
      this.#deathsInARow = 0;
      this.#options.metrics.onInference(reply.ms);
      member.inFlight.delete(reply.slot);
      this.#finish(reply.slot).resolve(reply.probabilities);
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

  #onExit(member: Member, reason: string): void {
    this.#members.delete(member);
    const stopped = this.#state === 'failed' || (this.#state === 'closing' && this.depth === 0);
    if (!stopped) this.#replace(member, reason);
    this.#wake();
  }

  #replace(member: Member, reason: string): void {
    this.#deathsInARow++;
    if (this.#deathsInARow > MAX_DEATHS_IN_A_ROW) {
      this.#fail(reason);
      return;
    }
    this.#options.metrics.onWorkerRestart();
    this.#queue.unshift(...[...member.inFlight].filter((slot) => this.#mayRunAgain(slot, reason)));
    this.#addMember();
    this.#dispatch();
  }

  #mayRunAgain(slot: number, reason: string): boolean {
    const job = this.#jobs.get(slot)!;
    job.attempts++;
    if (job.attempts < MAX_ATTEMPTS) return true;
    this.#finish(slot).reject(
      threadDied(`the window was running when ${job.attempts} threads died: ${reason}.`),
    );
    return false;
  }

  #fail(reason: string): void {
    this.#state = 'failed';
    this.#failure = threadDied(`${this.#deathsInARow} threads died in a row, the last: ${reason}.`);
    const jobs = [...this.#jobs.values(), ...this.#waiting.map(({ job }) => job)];
    this.#jobs.clear();
    this.#queue.length = 0;
    this.#waiting.length = 0;
    for (const { thread } of this.#members) thread.terminate();
    for (const job of jobs) job.reject(this.#failure);
  }

  /** Resolves when the condition holds, or the pool has failed and no thread is left. */
  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !(this.#state === 'failed' && this.#members.size === 0)) {
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

function threadDied(detail: string): UndertoneError {
  return new UndertoneError('UT_INFERENCE_THREAD', detail);
}
